import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { email, event, startTestServer, type TestServer } from './server.fixture.js';

let to: TestServer;
beforeAll(async () => {
  to = await startTestServer();
});
afterAll(() => to.close());

/** All that comes back over a connection on which these bytes are sent and nothing more. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(to.server.url).port), '127.0.0.1');
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.end(bytes);
  });
}

it('never says 400 of an import that was cut short: some of it may be recorded', async () => {
  const line = JSON.stringify(event('GiveConsent', { ...email('cut@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed' }, { id: 'cut-1' }));
  const head = `POST /v1/commands HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${to.tokens.upstream}\r\ncontent-type: application/x-ndjson\r\ncontent-length: ${line.length + 6}\r\n\r\n`;
  expect(await answerTo(`${head}${line}\n`)).not.toContain('400');
});

it('says 400 to what is no HTTP, and repeats none of it', async () => {
  const answer = await answerTo('anna@example.se is no request\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).not.toContain('anna');
});

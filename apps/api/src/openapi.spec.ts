import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import fc from 'fast-check';
import { catalogue } from '#ledger/catalogue.js';
import { checkerOf } from '#nest/checker.js';
import { EdgeFault } from '#nest/problem.js';
import { send, startTestServer, type TestServer } from './server.fixture.js';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly post?: { readonly requestBody: { readonly content: { readonly 'application/json': { readonly schema: { readonly example: object } } } } } }>>;
}

let to: TestServer;
let description: Description;
beforeAll(async () => {
  to = await startTestServer();
  description = JSON.parse((await send(to, '/openapi.json', { token: to.tokens.auditor })).text) as Description;
});
afterAll(() => to.close());

const schemaAt = (name: string): { readonly example: object } | undefined => description.paths[`/v1/commands/${name}`]?.post?.requestBody.content['application/json'].schema;

describe('the description', () => {
  it('is OpenAPI 3.1 and has every command, with an example that fits its schema', () => {
    expect(description.openapi).toBe('3.1.0');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const name of catalogue.keys()) {
      const { example, ...schema } = schemaAt(name) ?? { example: {} };
      expect([name, ajv.validate(schema, example), ajv.errors]).toEqual([name, true, null]);
      expect([name, ajv.validate(schema, { ...example, colour: 'blue' })]).toEqual([name, false]);
    }
  });

  it('is shown by a page that asks nobody else for anything', async () => {
    const page = await send(to, '/docs', { token: to.tokens.officer });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.text).not.toMatch(/https?:|<script>|<style>/);
    for (const [, file] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) expect([file, (await send(to, file ?? '', { token: to.tokens.officer })).status]).toEqual([file, 200]);
    expect((await send(to, '/docs/package.json', { token: to.tokens.officer })).status).toBe(404);
    expect((await send(to, '/docs/..%2Fpackage.json', { token: to.tokens.officer })).status).toBe(404);
  });
});

describe('the checker', () => {
  /** Members at fault as class-validator finds them, by path without list indexes: it does not tell them for plain elements. */
  function byClassValidator(errors: readonly ValidationError[], at = ''): readonly string[] {
    return errors.flatMap((error) => {
      const path = /^\d+$/.test(error.property) ? at : `${at}/${error.property}`;
      return [...(error.constraints === undefined ? [] : [path]), ...byClassValidator(error.children ?? [], path)];
    });
  }

  const odd = fc.oneof(fc.constantFrom<unknown>('', 'newsletter', 'Å', 'x'.repeat(9_000), 0, -1, 1.5, true, [], {}, ['newsletter'], [1], [{}], { kind: 'email' }, { id: 'a', version: 0 }, '2024-01-01'), fc.string(), fc.integer());

  it('finds the same members at fault as class-validator does', () => {
    for (const [name, { type }] of catalogue) {
      const example = schemaAt(name)?.example ?? {};
      const members = [...checkerOf(type).members.map((member) => member.name), 'colour'];
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...members), odd, { maxKeys: 3 }), fc.subarray(members, { maxLength: 2 }), (changed, removed) => {
          const plain = Object.fromEntries(Object.entries({ ...example, ...changed }).filter(([member]) => !removed.includes(member)));
          const expected = byClassValidator(validateSync(plainToInstance(type, plain), { whitelist: true, forbidNonWhitelisted: true }));
          let found: readonly string[] = [];
          try {
            checkerOf(type).check(plain);
          } catch (error) {
            found = error instanceof EdgeFault ? (error.problem.errors ?? []).map(({ pointer }) => pointer.replaceAll(/\/\d+/g, '')) : ['none of ours'];
          }
          // Where a list or a nested member is no such thing at all, one says it of the member, the other also of what it would hold.
          const outermost = (paths: readonly string[]): readonly string[] => [...new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')))].sort();
          expect([name, plain, outermost(found)]).toEqual([name, plain, outermost(expected)]);
        }),
        { numRuns: 40 },
      );
    }
  });
});

/** Nest on Fastify, as this server wants it: what bodies it takes, who is let in, what it says of itself. */
import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticating } from '#nest/authentication.js';
import { QuietLogger, type EventLog } from '#nest/event-log.js';
import { EdgeFault, invalidAt, problemHeaders } from '#nest/problem.js';
import { ProblemFilter } from '#nest/problem.filter.js';
import { AppModule } from './app.module.js';
import { BULK_LIMIT, BULK_ROUTE } from './bulk.controller.js';
import type { OpenApi } from './docs.controller.js';
import { BODY_LIMIT } from './line-answers.js';
import type { ServerParts } from './server-parts.js';

/** The application, initialised but not listening. */
export async function createHttpApplication(parts: ServerParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT, logger: false, frameworkErrors: answerUnroutable, clientErrorHandler: endBroken });
  const fastify = adapter.getInstance<FastifyInstance>();
  takeBodies(fastify);
  fastify.addHook('onRoute', (route) => {
    if (route.url.endsWith(BULK_ROUTE)) route.bodyLimit = BULK_LIMIT;
  });
  fastify.decorateRequest('actor', null);
  fastify.decorateRequest('problemCode', null);
  fastify.addHook('onRequest', noteServing);
  fastify.addHook('onRequest', setSecurityHeaders);
  fastify.addHook('onRequest', authenticating(parts.authentication));
  fastify.addHook('onResponse', (request, reply, done) => {
    serving.delete(request.raw.socket);
    logRequest(request, reply, parts.events);
    done();
  });
  const openApi: OpenApi = { text: '' };
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts, openApi), adapter, { logger: new QuietLogger(parts.events), abortOnError: false, bodyParser: false });
  app.useGlobalFilters(new ProblemFilter(parts.events));
  await app.init();
  openApi.text = JSON.stringify(describeApi(app));
  await fastify.ready();
  return app;
}

export function describeApi(app: NestFastifyApplication): object {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Liggare')
    .setDescription('A ledger of what happens to personal data. Problems are RFC 9457 with a stable code; no value that was sent is ever repeated in one.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  return SwaggerModule.createDocument(app, about);
}

/** Connections on which a request has begun and is not answered. */
const serving = new WeakSet<object>();

function noteServing(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  serving.add(request.raw.socket);
  done();
}

/**
 * Bytes that are no HTTP. Before a request has begun they are told so; after that some of it may be recorded, and the only true answer is
 * none: the connection ends, and the caller sends again.
 */
function endBroken(_error: Error, socket: Socket): void {
  if (serving.has(socket) || !socket.writable) return void socket.destroy();
  socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
}

/** An address that Fastify cannot take apart, or will not, reaches no hook and no filter; its own answer would repeat it. */
function answerUnroutable(_error: Error, _request: unknown, reply: { readonly raw: ServerResponse }): void {
  const { problem } = new EdgeFault('NotFound');
  reply.raw.writeHead(problem.status, { ...SECURITY_HEADERS, ...problemHeaders(problem) }).end(JSON.stringify(problem));
}

/**
 * JSON as Fastify reads it (a member that would poison a prototype is refused); CloudEvents likewise; NDJSON is left to be streamed.
 * Bytes that are not UTF-8 (RFC 8259 §8.1) are refused: decoding would put the same sign for each, and two values could become one.
 */
function takeBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'], { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(body)) return done(invalidAt('MalformedJson', '', 'is not UTF-8'));
    // Nest would make a bare 400 of the parser's own error.
    void parse(request, body.toString('utf8'), (error, value) => (error === null ? done(null, value) : done(invalidAt('MalformedJson', '', 'is not JSON'))));
  });
  fastify.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
}

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

function setSecurityHeaders(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.headers(SECURITY_HEADERS);
  done();
}

/** Commands that went well, and asks that were blocked, are in the ledger itself; of the rest one line, with the route's pattern instead of the address. */
function logRequest(request: FastifyRequest, reply: FastifyReply, events: EventLog): void {
  const route = request.routeOptions.url ?? 'none';
  const { method, actor, problemCode: code } = request;
  const isOrdinary = (reply.statusCode < 400 || code === 'Blocked') && (route.startsWith('/v1/commands/') || route === '/v1/decisions' || route.endsWith('z') || route === '/metrics');
  if (isOrdinary) return;
  events.say(reply.statusCode >= 500 ? 'error' : 'info', 'request', { method, route, status: reply.statusCode, ...(code !== null && { code }), ms: Math.round(reply.elapsedTime), ...(actor !== null && { actor: actor.id }) });
}

/** The API's description, and a page to read it: Swagger UI from the installed package, nothing from anywhere else. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EdgeFault } from '#nest/problem.js';
import { For } from '#nest/roles.js';

/** Injected under `OPENAPI`: the description as JSON text, which is made after the application. */
export interface OpenApi {
  text: string;
}
export const OPENAPI = Symbol('openapi');

/** Swagger UI sets styles of its own on elements; scripts are the two files below. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Liggare API</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;
/** Without a validator address: the default sends the description to a server of others. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

const FILES: Readonly<Record<string, string>> = { 'swagger-ui.css': 'text/css; charset=utf-8', 'swagger-ui-bundle.js': 'text/javascript; charset=utf-8' };

@ApiExcludeController()
@For('upstream', 'officer', 'auditor')
@Controller()
export class DocsController {
  constructor(@Inject(OPENAPI) private readonly openApi: OpenApi) {}

  @Get('openapi.json')
  async description(@Res() reply: FastifyReply): Promise<void> {
    await reply.code(200).type('application/json; charset=utf-8').send(this.openApi.text);
  }

  @Get('docs')
  async page(@Res() reply: FastifyReply): Promise<void> {
    await reply.code(200).type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(PAGE);
  }

  @Get('docs/:file')
  async file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    if (file === 'start.js') return void (await reply.code(200).type('text/javascript; charset=utf-8').send(START));
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (type === undefined) throw new EdgeFault('NotFound');
    await reply.code(200).type(type).send(await readFile(join(assets(), file)));
  }
}

function assets(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

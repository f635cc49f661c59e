import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProjectorParts } from './projector-parts.js';

/** Health and figures. No token: nothing here is about anybody, and it listens on loopback unless it is told otherwise. */
@Controller()
export class ProjectorController {
  constructor(private readonly parts: ProjectorParts) {}

  /** The process answers. */
  @Get('healthz')
  @Header('content-type', 'application/json; charset=utf-8')
  health(): string {
    return '{"status":"ok"}';
  }

  /** Log and views are reached, and the views' tables are there. A standby is ready too. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const isReady = await this.parts.isReady();
    await reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { metrics } = this.parts;
    await reply.code(200).type(metrics.contentType).send(await metrics.text());
  }
}

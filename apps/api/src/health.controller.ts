import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { For, ForEverybody } from '#nest/roles.js';
import { ServerParts } from './server-parts.js';

@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(private readonly parts: ServerParts) {}

  /** The process answers. */
  @Get('healthz')
  @ForEverybody()
  @ApiOperation({ summary: 'Whether the process answers' })
  @Header('content-type', 'application/json; charset=utf-8')
  health(): string {
    return '{"status":"ok"}';
  }

  @Get('readyz')
  @ForEverybody()
  @ApiOperation({ summary: 'Whether commands can be taken: the log and the policy are there, and the registers fresh' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const isReady = this.parts.isReady();
    await reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
  }

  @Get('metrics')
  @For('upstream', 'officer', 'auditor')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Figures for Prometheus' })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { metrics } = this.parts;
    await reply.code(200).type(metrics.contentType).send(await metrics.text());
  }
}

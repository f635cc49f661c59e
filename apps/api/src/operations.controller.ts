import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '#nest/roles.js';
import { ServerParts } from './server-parts.js';

@ApiTags('operation')
@ApiBearerAuth()
@For('officer')
@Controller('v1')
export class OperationsController {
  constructor(private readonly parts: ServerParts) {}

  @Get('status')
  @ApiOperation({ summary: 'Where the log and the views stand' })
  async status(): Promise<object> {
    const { ledgerId, log, vault, projection, registers, condition } = this.parts;
    const head = await log.head();
    const lag = projection.isServing() ? await projection.lag() : undefined;
    return {
      ledgerId,
      ready: this.parts.isReady(),
      position: head ?? null,
      storeStopped: condition.storeStopped,
      projector: { serving: projection.isServing(), behindMs: lag?.behindMs ?? null, views: projection.standings().map(({ view, position, stopped }) => ({ view, position: position ?? null, stopped })) },
      policies: registers.controllers().map((controller) => ({ controller, versions: registers.everyPolicy(controller).map(({ version }) => version) })),
      counts: { commandsSinceStart: condition.commands, unsettled: (await vault.unsettled()).length, tokens: (await vault.actors()).length },
    };
  }

  /** Answers when the views are made; until then queries answer 503. */
  @Post('operations/rebuild')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes all views anew from the log' })
  async rebuild(): Promise<object> {
    const { position } = await this.parts.projection.rebuild();
    return { status: 'rebuilt', position: position ?? null };
  }
}

import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { CollectPersonalData, ObservePersonalData } from './collect-personal-data.command.js';
import { CompletePersonalData, DisputePersonalData, RectifyPersonalData, ResolveDispute } from './correct.commands.js';
import { commandExamples } from './holding.examples.js';
import { SourcePersonalData } from './source-personal-data.command.js';

@ApiTags('holding')
@For('upstream', 'officer')
@Controller('v1/commands')
export class HoldingController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(CollectPersonalData, commandExamples.CollectPersonalData)
  collectPersonalData(@Told(CollectPersonalData) command: CollectPersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ObservePersonalData, commandExamples.ObservePersonalData)
  observePersonalData(@Told(ObservePersonalData) command: ObservePersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(SourcePersonalData, commandExamples.SourcePersonalData)
  sourcePersonalData(@Told(SourcePersonalData) command: SourcePersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RectifyPersonalData, commandExamples.RectifyPersonalData)
  rectifyPersonalData(@Told(RectifyPersonalData) command: RectifyPersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(CompletePersonalData, commandExamples.CompletePersonalData)
  completePersonalData(@Told(CompletePersonalData) command: CompletePersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(DisputePersonalData, commandExamples.DisputePersonalData)
  disputePersonalData(@Told(DisputePersonalData) command: DisputePersonalData): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ResolveDispute, commandExamples.ResolveDispute)
  resolveDispute(@Told(ResolveDispute) command: ResolveDispute): Promise<object> {
    return this.commands.execute(command);
  }
}

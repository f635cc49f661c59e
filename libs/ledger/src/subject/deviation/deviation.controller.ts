import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { DealWithDeviation } from './deal-with-deviation.command.js';
import { commandExamples } from './deviation.examples.js';

@ApiTags('deviation')
@For('officer')
@Controller('v1/commands')
export class DeviationController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(DealWithDeviation, commandExamples.DealWithDeviation)
  dealWithDeviation(@Told(DealWithDeviation) command: DealWithDeviation): Promise<object> {
    return this.commands.execute(command);
  }
}

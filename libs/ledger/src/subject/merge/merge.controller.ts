import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { MergeSubjects, UnmergeSubjects } from './merge.commands.js';
import { commandExamples } from './merge.examples.js';

@ApiTags('identity')
@For('officer')
@Controller('v1/commands')
export class MergeController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(MergeSubjects, commandExamples.MergeSubjects)
  mergeSubjects(@Told(MergeSubjects) command: MergeSubjects): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(UnmergeSubjects, commandExamples.UnmergeSubjects)
  unmergeSubjects(@Told(UnmergeSubjects) command: UnmergeSubjects): Promise<object> {
    return this.commands.execute(command);
  }
}

import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { ChangeActivity, RegisterActivity, RetireActivity } from './activity.commands.js';
import { commandExamples } from './activity.examples.js';

@ApiTags('activities')
@For('upstream', 'officer')
@Controller('v1/commands')
export class ActivityController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterActivity, commandExamples.RegisterActivity)
  registerActivity(@Told(RegisterActivity) command: RegisterActivity): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ChangeActivity, commandExamples.ChangeActivity)
  changeActivity(@Told(ChangeActivity) command: ChangeActivity): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RetireActivity, commandExamples.RetireActivity)
  retireActivity(@Told(RetireActivity) command: RetireActivity): Promise<object> {
    return this.commands.execute(command);
  }
}

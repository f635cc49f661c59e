import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { EndSourceAgreement, SignSourceAgreement } from './source-agreement.commands.js';
import { EndSource, RegisterSource, ResumeSource } from './source.commands.js';
import { commandExamples } from './source.examples.js';

@ApiTags('sources')
@For('upstream', 'officer')
@Controller('v1/commands')
export class SourceController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterSource, commandExamples.RegisterSource)
  registerSource(@Told(RegisterSource) command: RegisterSource): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndSource, commandExamples.EndSource)
  endSource(@Told(EndSource) command: EndSource): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ResumeSource, commandExamples.ResumeSource)
  resumeSource(@Told(ResumeSource) command: ResumeSource): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(SignSourceAgreement, commandExamples.SignSourceAgreement)
  signSourceAgreement(@Told(SignSourceAgreement) command: SignSourceAgreement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndSourceAgreement, commandExamples.EndSourceAgreement)
  endSourceAgreement(@Told(EndSourceAgreement) command: EndSourceAgreement): Promise<object> {
    return this.commands.execute(command);
  }
}

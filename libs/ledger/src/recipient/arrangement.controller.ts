import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import {
  AssessTransferImpact,
  CertifyRecipient,
  EndRecipientCertification,
  EndTransferArrangement,
  ResumeTransferArrangement,
  SignTransferArrangement,
  SuspendTransferArrangement,
} from './arrangement.commands.js';
import { commandExamples } from './arrangement.examples.js';

@ApiTags('transfer arrangements')
@For('upstream', 'officer')
@Controller('v1/commands')
export class ArrangementController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(SignTransferArrangement, commandExamples.SignTransferArrangement)
  signTransferArrangement(@Told(SignTransferArrangement) command: SignTransferArrangement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(SuspendTransferArrangement, commandExamples.SuspendTransferArrangement)
  suspendTransferArrangement(@Told(SuspendTransferArrangement) command: SuspendTransferArrangement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ResumeTransferArrangement, commandExamples.ResumeTransferArrangement)
  resumeTransferArrangement(@Told(ResumeTransferArrangement) command: ResumeTransferArrangement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(AssessTransferImpact, commandExamples.AssessTransferImpact)
  assessTransferImpact(@Told(AssessTransferImpact) command: AssessTransferImpact): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndTransferArrangement, commandExamples.EndTransferArrangement)
  endTransferArrangement(@Told(EndTransferArrangement) command: EndTransferArrangement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(CertifyRecipient, commandExamples.CertifyRecipient)
  certifyRecipient(@Told(CertifyRecipient) command: CertifyRecipient): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndRecipientCertification, commandExamples.EndRecipientCertification)
  endRecipientCertification(@Told(EndRecipientCertification) command: EndRecipientCertification): Promise<object> {
    return this.commands.execute(command);
  }
}

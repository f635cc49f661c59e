import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { ExpireConsent, RefuseConsent, RequestConsent } from './consent-asked.commands.js';
import { commandExamples } from './consent.examples.js';
import { GiveConsent, RenewConsent } from './give-consent.command.js';
import { WithdrawConsent } from './withdraw-consent.command.js';

@ApiTags('consent')
@For('upstream', 'officer')
@Controller('v1/commands')
export class ConsentController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RequestConsent, commandExamples.RequestConsent)
  requestConsent(@Told(RequestConsent) command: RequestConsent): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(GiveConsent, commandExamples.GiveConsent)
  giveConsent(@Told(GiveConsent) command: GiveConsent): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RenewConsent, commandExamples.RenewConsent)
  renewConsent(@Told(RenewConsent) command: RenewConsent): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RefuseConsent, commandExamples.RefuseConsent)
  refuseConsent(@Told(RefuseConsent) command: RefuseConsent): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(WithdrawConsent, commandExamples.WithdrawConsent)
  withdrawConsent(@Told(WithdrawConsent) command: WithdrawConsent): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ExpireConsent, commandExamples.ExpireConsent)
  expireConsent(@Told(ExpireConsent) command: ExpireConsent): Promise<object> {
    return this.commands.execute(command);
  }
}

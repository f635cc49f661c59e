import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { ExpireConsent, RefuseConsent, RequestConsent } from './consent-asked.commands.js';
import { ConsentController } from './consent.controller.js';
import { GiveConsent, RenewConsent } from './give-consent.command.js';
import { WithdrawConsent } from './withdraw-consent.command.js';

const commands = [RequestConsent, GiveConsent, RenewConsent, RefuseConsent, WithdrawConsent, ExpireConsent];

@Module({ imports: [CqrsModule], controllers: [ConsentController], providers: commands.map(handlerOf) })
export class ConsentModule {}

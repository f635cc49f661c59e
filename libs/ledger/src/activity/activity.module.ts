import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { ChangeActivity, RegisterActivity, RetireActivity } from './activity.commands.js';
import { ActivityController } from './activity.controller.js';

const commands = [RegisterActivity, ChangeActivity, RetireActivity];

@Module({ imports: [CqrsModule], controllers: [ActivityController], providers: commands.map(handlerOf) })
export class ActivityModule {}

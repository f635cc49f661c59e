import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { MistakeController } from './mistake.controller.js';
import { RecordInError } from './record-in-error.command.js';

@Module({ imports: [CqrsModule], controllers: [MistakeController], providers: [RecordInError].map(handlerOf) })
export class MistakeModule {}

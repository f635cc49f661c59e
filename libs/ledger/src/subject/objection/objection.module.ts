import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { ObjectToProcessing } from './object-to-processing.command.js';
import { ObjectionController } from './objection.controller.js';

const commands = [ObjectToProcessing];

@Module({ imports: [CqrsModule], controllers: [ObjectionController], providers: commands.map(handlerOf) })
export class ObjectionModule {}

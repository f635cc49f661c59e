import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { EndSourceAgreement, SignSourceAgreement } from './source-agreement.commands.js';
import { EndSource, RegisterSource, ResumeSource } from './source.commands.js';
import { SourceController } from './source.controller.js';

const commands = [RegisterSource, EndSource, ResumeSource, SignSourceAgreement, EndSourceAgreement];

@Module({ imports: [CqrsModule], controllers: [SourceController], providers: commands.map(handlerOf) })
export class SourceModule {}

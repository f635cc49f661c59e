import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { MergeSubjects, UnmergeSubjects } from './merge.commands.js';
import { MergeController } from './merge.controller.js';

@Module({ imports: [CqrsModule], controllers: [MergeController], providers: [MergeSubjects, UnmergeSubjects].map(handlerOf) })
export class MergeModule {}

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { NoticeController } from './notice.controller.js';
import { ServeNotice } from './serve-notice.command.js';

const commands = [ServeNotice];

@Module({ imports: [CqrsModule], controllers: [NoticeController], providers: commands.map(handlerOf) })
export class NoticeModule {}

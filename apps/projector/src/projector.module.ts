import { Module, type DynamicModule } from '@nestjs/common';
import { ProjectorController } from './projector.controller.js';
import { ProjectorParts } from './projector-parts.js';

@Module({})
export class ProjectorModule {
  static of(parts: ProjectorParts): DynamicModule {
    return { module: ProjectorModule, controllers: [ProjectorController], providers: [{ provide: ProjectorParts, useValue: parts }] };
  }
}

import { Inject, Module } from '@nestjs/common';
import { CqrsModule, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PROJECTION, type Projection } from '#nest/projection.js';
import { handlerOf } from '#nest/recording.js';
import type { QueryParts } from '../queries.js';
import { QUERY_PARTS, requireViews } from '../queries.module.js';
import { ReadSecretDisclosures, SecretCommandsController, SecretDisclosuresController } from './authority.controller.js';
import { AuthoriseSecretDisclosure, DealWithSecretDeviation, EndSecrecy, ReportSecretDisclosure } from './secret-disclosure.commands.js';
import { readSecretDisclosures, type SecretReply } from './secret-disclosures.query.js';

@QueryHandler(ReadSecretDisclosures)
export class ReadSecretDisclosuresHandler implements IQueryHandler<ReadSecretDisclosures> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ page, atLeast }: ReadSecretDisclosures): Promise<SecretReply> {
    await requireViews(this.projection, atLeast);
    return readSecretDisclosures(this.parts, page);
  }
}

const commands = [AuthoriseSecretDisclosure, ReportSecretDisclosure, EndSecrecy, DealWithSecretDeviation];

@Module({ imports: [CqrsModule], controllers: [SecretCommandsController, SecretDisclosuresController], providers: [...commands.map(handlerOf), ReadSecretDisclosuresHandler] })
export class AuthorityModule {}

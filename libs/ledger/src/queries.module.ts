import { Inject, Module } from '@nestjs/common';
import { CqrsModule, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EdgeFault } from '#nest/problem.js';
import { PROJECTION, type Projection } from '#nest/projection.js';
import { OrganisationQueriesController, QueriesController, ReadOrganisation, ReadRecord, ReadTrail, SearchSubjects } from './queries.controller.js';
import { readOrganisation, readRecord, readTrail, searchSubjects, type OrganisationReply, type QueryParts, type RecordReply, type TrailReply } from './queries.js';
import { Refusal } from './refusals.js';

/** Injected under `QUERY_PARTS`: the stores and registers that queries read. */
export const QUERY_PARTS = Symbol('query parts');

/** How long a caller who asks for its own writes may have to wait. */
const LONGEST_WAIT_MS = 5_000;

/** Views that are being rebuilt, or are behind what the caller has seen, give no answer rather than an old one. */
export async function requireViews(projection: Projection, atLeast: string | undefined): Promise<void> {
  if (!projection.isServing()) throw new EdgeFault('Unavailable', { detail: 'The views are being rebuilt.' });
  if (atLeast !== undefined && !(await projection.waitFor(atLeast, LONGEST_WAIT_MS))) throw new EdgeFault('Unavailable', { detail: 'The views have not reached that position.' });
}

@QueryHandler(ReadRecord)
export class ReadRecordHandler implements IQueryHandler<ReadRecord> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ subject, asOf, asker, atLeast }: ReadRecord): Promise<RecordReply> {
    await requireViews(this.projection, atLeast);
    const reply = await readRecord(this.parts, subject, asOf, asker);
    if (reply === undefined) throw new Refusal('SubjectNotRegistered', { pointer: '/id' });
    return reply;
  }
}

@QueryHandler(ReadTrail)
export class ReadTrailHandler implements IQueryHandler<ReadTrail> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ subject, asOf, asker, atLeast }: ReadTrail): Promise<TrailReply> {
    await requireViews(this.projection, atLeast);
    const reply = await readTrail(this.parts, subject, asOf, asker);
    if (reply === undefined) throw new Refusal('SubjectNotRegistered', { pointer: '/id' });
    return reply;
  }
}

@QueryHandler(SearchSubjects)
export class SearchSubjectsHandler implements IQueryHandler<SearchSubjects> {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  async execute({ term, asker }: SearchSubjects): Promise<object> {
    return { subjects: await searchSubjects(this.parts, term, asker) };
  }
}

@QueryHandler(ReadOrganisation)
export class ReadOrganisationHandler implements IQueryHandler<ReadOrganisation> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ organisation, asker, valid }: ReadOrganisation): Promise<OrganisationReply> {
    await requireViews(this.projection, undefined);
    const reply = await readOrganisation(this.parts, organisation, asker, valid);
    if (reply === undefined) throw new Refusal('OrganisationNotFound', { pointer: '/id' });
    return reply;
  }
}

@Module({ imports: [CqrsModule], controllers: [QueriesController, OrganisationQueriesController], providers: [ReadOrganisationHandler, ReadRecordHandler, ReadTrailHandler, SearchSubjectsHandler] })
export class QueriesModule {}

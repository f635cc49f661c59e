import { Inject, Module } from '@nestjs/common';
import { CqrsModule, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EdgeFault } from '#nest/problem.js';
import { PROJECTION, type Projection } from '#nest/projection.js';
import type { QueryParts } from '../queries.js';
import { QUERY_PARTS, requireViews } from '../queries.module.js';
import { Refusal } from '../refusals.js';
import { readHoldingLineage, readLineage, readReasons, readRecipientLineage } from './lineage.answers.js';
import { aboutWhole, derogationCounts, exportRegister, readRegister, readSourceDays } from './register.answers.js';
import { ExportRegister, ReadLineage, ReadReasons, ReadReceived, ReadRegister, ReadSourceDays, RegistersController } from './registers.controller.js';

@QueryHandler(ReadRegister)
export class ReadRegisterHandler implements IQueryHandler<ReadRegister> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ name, asked, atLeast }: ReadRegister): Promise<object> {
    await requireViews(this.projection, atLeast);
    const { views } = this.parts;
    const reply = await readRegister(views, name, await aboutWhole(this.parts, asked));
    const { recipient } = asked.filters;
    return name === 'transfers' && asked.after === undefined ? { ...reply, derogations: await derogationCounts(views, typeof recipient === 'string' ? recipient : undefined) } : reply;
  }
}

@QueryHandler(ExportRegister)
export class ExportRegisterHandler implements IQueryHandler<ExportRegister> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ name, asked, atLeast }: ExportRegister): Promise<object> {
    await requireViews(this.projection, atLeast);
    return exportRegister(this.parts.views, name, await aboutWhole(this.parts, asked));
  }
}

@QueryHandler(ReadReceived)
export class ReadReceivedHandler implements IQueryHandler<ReadReceived> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ recipient, asked, atLeast, how }: ReadReceived): Promise<object> {
    await requireViews(this.projection, atLeast);
    const { views } = this.parts;
    const toIt = await aboutWhole(this.parts, { ...asked, filters: { ...asked.filters, recipient } });
    if (!(await this.#isKnown(recipient))) throw new Refusal('NotRegistered', { pointer: '/id' });
    switch (how) {
      case 'page':
        return readRegister(views, 'receipts', toIt);
      case 'csv':
        return exportRegister(views, 'receipts', toIt);
      case 'lineage':
        return readRecipientLineage(this.parts, recipient, asked);
      default: {
        const never: never = how;
        return never;
      }
    }
  }

  /** Of the register, or one that no register knows and that has received something. */
  async #isKnown(recipient: string): Promise<boolean> {
    const { registers, views } = this.parts;
    return registers.registered('recipient', recipient) !== undefined || (await readRegister(views, 'receipts', { filters: { recipient }, limit: 1 })).lines.length > 0;
  }
}

@QueryHandler(ReadSourceDays)
export class ReadSourceDaysHandler implements IQueryHandler<ReadSourceDays> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ asked, atLeast }: ReadSourceDays): Promise<object> {
    await requireViews(this.projection, atLeast);
    return readSourceDays(this.parts.views, asked);
  }
}

@QueryHandler(ReadLineage)
export class ReadLineageHandler implements IQueryHandler<ReadLineage> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ about, asOf, atLeast }: ReadLineage): Promise<object> {
    await requireViews(this.projection, atLeast);
    const isPerson = 'subject' in about;
    const reply = isPerson ? await readLineage(this.parts, about.subject, asOf) : await readHoldingLineage(this.parts, about.holding, asOf);
    if (reply !== undefined) return reply;
    if (isPerson) throw new Refusal('SubjectNotRegistered', { pointer: '/id' });
    throw new EdgeFault('NotFound', { pointer: '/id', detail: 'Nothing is held under this id.' });
  }
}

@QueryHandler(ReadReasons)
export class ReadReasonsHandler implements IQueryHandler<ReadReasons> {
  constructor(
    @Inject(QUERY_PARTS) private readonly parts: QueryParts,
    @Inject(PROJECTION) private readonly projection: Projection,
  ) {}

  async execute({ event, atLeast }: ReadReasons): Promise<object> {
    await requireViews(this.projection, atLeast);
    const reasons = await readReasons(this.parts, event);
    if (reasons === undefined) throw new EdgeFault('NotFound', { pointer: '/event', detail: 'No decision was recorded in an event of this id.' });
    return reasons;
  }
}

@Module({ imports: [CqrsModule], controllers: [RegistersController], providers: [ReadRegisterHandler, ExportRegisterHandler, ReadReceivedHandler, ReadSourceDaysHandler, ReadLineageHandler, ReadReasonsHandler] })
export class RegistersModule {}

import { Inject, Module } from '@nestjs/common';
import { CqrsModule, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { QUERY_PARTS } from './queries.module.js';
import type { QueryParts } from './queries.js';
import { Refusal } from './refusals.js';
import { ListRegisters, ReadRegister, RegistersController } from './register-queries.controller.js';
import { listRegisters, readRegister, type RegisterList, type RegisterReply } from './register-queries.js';

@QueryHandler(ListRegisters)
export class ListRegistersHandler implements IQueryHandler<ListRegisters> {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  execute({ kind, valid }: ListRegisters): Promise<RegisterList> {
    return listRegisters(this.parts, kind, valid);
  }
}

@QueryHandler(ReadRegister)
export class ReadRegisterHandler implements IQueryHandler<ReadRegister> {
  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {}

  async execute({ kind, id, valid, asker }: ReadRegister): Promise<RegisterReply> {
    const reply = await readRegister(this.parts, kind, id, valid, asker);
    if (reply === undefined) throw new Refusal('NotRegistered', { pointer: '/id' });
    return reply;
  }
}

@Module({ imports: [CqrsModule], controllers: [RegistersController], providers: [ListRegistersHandler, ReadRegisterHandler] })
export class RegisterQueriesModule {}

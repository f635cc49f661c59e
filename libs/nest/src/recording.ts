/** The way from a request to the ledger: the command checked and signed with its caller, then Nest's CommandBus, then the recorder. */
import { createParamDecorator, Inject, type ExecutionContext, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#vault/vault.js';
import { actorIn, systemOf } from './authentication.js';
import { checkerOf } from './checker.js';
import { EdgeFault } from './problem.js';
import { requireCommandId } from './unusable-id.js';

/** Injected under `RECORDER`: records a command and gives its answer. */
export type Recorder = (command: object) => Promise<object>;
export const RECORDER = Symbol('recorder');

/** A handler of its own for one class of commands: each command has exactly one. */
export function handlerOf(type: Type<object>): Type<ICommandHandler> {
  @CommandHandler(type)
  class Handler implements ICommandHandler<object> {
    constructor(@Inject(RECORDER) private readonly record: Recorder) {}

    execute(command: object): Promise<object> {
      return this.record(command);
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${type.name}Handler` });
  return Handler;
}

/** What a command that was checked is given: who sent it and when it arrived. */
export interface Arrival {
  readonly commandId: string;
  readonly system: string;
  readonly actor: string;
  readonly role: Actor['role'];
  readonly now: string;
  readonly correlationId?: string;
  readonly causationId?: string;
}

/** A command of `type` from what was sent. Throws `EdgeFault`. */
export function commandFrom(type: Type<object>, plain: unknown, arrival: Arrival, within = ''): object {
  return Object.assign(checkerOf(type).check(plain, within), { caller: arrival });
}

/** The body as a command of this class, with its caller. */
export const Told = createParamDecorator((type: Type<object>, context: ExecutionContext): object => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  requireJson(request);
  const actor = actorIn(request);
  const commandId = commandIdIn(request);
  return commandFrom(type, request.body, arrivalOf(actor, commandId));
});

export function arrivalOf(actor: Actor, commandId: string): Arrival {
  return { commandId, system: systemOf(actor), actor: actor.id, role: actor.role, now: new Date().toISOString() };
}

/** The body as a plain object of this class. */
export const Sent = createParamDecorator((type: Type<object>, context: ExecutionContext): object => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  requireJson(request);
  return checkerOf(type).check(request.body);
});

/** The parsers of `POST /v1/commands` take other types too, but here they would not be what the body says it is. */
export function requireJson(request: FastifyRequest): void {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) throw new EdgeFault('UnsupportedMediaType');
}

export function commandIdIn(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') throw new EdgeFault('IdempotencyKeyMissing');
  return requireCommandId(key, '');
}

import { IsIn, IsOptional } from 'class-validator';
import { CAPACITIES, IsLedgerId, IsLedgerUuid, SubjectCommand, type Capacity } from '../../command.js';
import type { Context, Decision, Fact } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { answerableFor, type Answerable } from '../../registers.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { END_REASONS } from './identity.events.js';
import type { Relationship } from './identity.state.js';

/** A relationship with the controller begins: customer, subscriber, company representative, event visitor, prospect, visitor. */
export class StartRelationship extends SubjectCommand {
  /** The ledger makes an id when absent. */
  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  /** A relationship kind of the policy. */
  @IsLedgerId()
  kind!: string;

  @IsOptional()
  @IsIn(CAPACITIES)
  capacity?: Capacity;

  @IsOptional()
  @IsLedgerId()
  conference?: string;
}

export const startRelationship: Decision<StartRelationship, SubjectState> = {
  decide(command, state, context) {
    const answerable = answerableFor(command, context.when.earliest, context.registers);
    const relationship = command.relationship ?? context.newId('relationship');
    return state.identity.relationships.has(relationship) ? [] : [relationshipStarted(relationship, command, '/kind', answerable, context)];
  },
};

export class EndRelationship extends SubjectCommand {
  @IsLedgerUuid()
  relationship!: string;

  @IsOptional()
  @IsIn(END_REASONS)
  reason?: (typeof END_REASONS)[number];
}

export const endRelationship: Decision<EndRelationship, SubjectState> = {
  decide(command, state, context) {
    const known = state.identity.relationships.get(command.relationship);
    if (known === undefined) throw new Refusal('RelationshipNotFound', { pointer: '/relationship', alternatives: [...state.identity.relationships.keys()] });
    if (known.endedAt !== undefined) return [];
    return [
      {
        type: 'RelationshipEnded',
        data: { relationship: command.relationship, reason: command.reason ?? 'ended' },
        ...told(command, context),
        ...(known.controller !== undefined && { controller: known.controller }),
        ...(known.service !== undefined && { service: known.service }),
      },
    ];
  },
};

/** What a command that holds data says of the relationship it belongs to. */
export interface RelationshipRef {
  readonly relationship?: string;
  readonly relationshipKind?: string;
  readonly capacity?: Capacity;
  readonly conference?: string;
  readonly service?: string;
  readonly onBehalfOf?: SubjectCommand['onBehalfOf'];
}

/**
 * The relationship that data belongs to: the one named, else the only open one of that service (and kind), else a new one when
 * the command says of what kind. `started` holds the fact that begins it.
 */
export function relationshipFor(command: RelationshipRef, state: SubjectState, answerable: Answerable, context: Context): { relationship: string; started: readonly Fact[] } {
  const known = state.identity.relationships;
  if (command.relationship !== undefined && known.has(command.relationship)) return { relationship: command.relationship, started: [] };
  if (command.relationship === undefined) {
    const open = [...known.values()].filter((candidate) => isMeant(candidate, command, answerable));
    if (open.length === 1) return { relationship: (open[0] as Relationship).relationship, started: [] };
    if (open.length > 1 && command.relationshipKind === undefined)
      throw new Refusal('RelationshipNotFound', { pointer: '/relationship', alternatives: open.map((candidate) => candidate.relationship) });
    if (open.length > 1) return { relationship: (open.at(-1) as Relationship).relationship, started: [] };
  }
  if (command.relationshipKind === undefined) throw new Refusal('RelationshipNotFound', { pointer: '/relationship', alternatives: [...known.keys()] });
  const relationship = command.relationship ?? context.newId('relationship');
  return { relationship, started: [relationshipStarted(relationship, { ...command, kind: command.relationshipKind }, '/relationshipKind', answerable, context)] };
}

function isMeant(candidate: Relationship, command: RelationshipRef, answerable: Answerable): boolean {
  return (
    candidate.endedAt === undefined &&
    candidate.controller === answerable.controller &&
    candidate.service === answerable.service &&
    (command.relationshipKind === undefined || candidate.kind === command.relationshipKind) &&
    (command.conference === undefined || candidate.conference === command.conference)
  );
}

function relationshipStarted(
  relationship: string,
  command: { kind: string; capacity?: Capacity; conference?: string; onBehalfOf?: SubjectCommand['onBehalfOf'] },
  pointer: string,
  answerable: Answerable,
  context: Context,
): Fact {
  if (!answerable.model.alternatives('relationship-kind').includes(command.kind))
    throw new Refusal('UnknownRelationshipKind', { pointer, alternatives: answerable.model.alternatives('relationship-kind') });
  return {
    type: 'RelationshipStarted',
    data: { relationship, kind: command.kind, capacity: command.capacity ?? 'consumer', ...(command.conference !== undefined && { conference: command.conference }) },
    ...told(command, context, answerable),
  };
}

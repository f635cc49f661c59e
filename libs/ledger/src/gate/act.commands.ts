/** What asks and told acts have in common: whose data, which, for what, and who else is concerned. */
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateIf } from 'class-validator';
import { IsLedgerId, IsLedgerUuid, SubjectCommand } from '../command.js';
import type { Context, Fact } from '../decision.js';
import { Refusal } from '../refusals.js';
import { answerableFor, type Registers } from '../registers.js';
import { requireKnown, told } from '../told.js';
import type { SubjectState } from '../subject/subject.js';
import { UNREGISTERED, type Act } from './act.js';
import type { Authorisation } from './authorisation.js';
import { judgeAct, questionOf, type Reasoning } from './gate.js';
import type { ActItem } from './reasoning.members.js';

export abstract class ActCommand extends SubjectCommand {
  /** A purpose of the policy: what it is done for. */
  @IsLedgerId()
  purpose!: string;

  /** Categories of the policy: all that is held in each. At least one of `categories` and `holdings` is given. */
  @ValidateIf((command: ActCommand) => command.categories !== undefined || command.holdings === undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Holdings of the person: these and no others. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsLedgerUuid(true)
  holdings?: string[];

  /** The relationship whose data it is. Default: all of this controller's. */
  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  @IsOptional()
  @IsLedgerId()
  conference?: string;
}

/** What an act command says besides its purpose and its data. */
export type ActDetails = Omit<Act, 'kind' | 'purpose' | 'items' | 'relationship' | 'conference'>;

/** The act that a command is about. Refuses codes that neither policy nor registers know: they are the sender's mistake. */
export function actOf(kind: Act['kind'], command: ActCommand, details: ActDetails, state: SubjectState, { registers, when }: Pick<Context, 'registers' | 'when'>): Act {
  const { model, controller } = answerableFor(named(command), when.latest, registers);
  const isPurpose = (id: string): boolean => model.has('purpose', id) || registers.everyPolicy(controller).some((version) => version.has('purpose', id));
  if (!isPurpose(command.purpose)) throw new Refusal('UnknownPurpose', { pointer: '/purpose', alternatives: model.alternatives('purpose') });
  requireKnown(command.categories, '/categories', 'UnknownCategory', (id) => model.isLeaf(id), () => model.alternatives('category').filter((id) => model.isLeaf(id)));
  command.holdings?.forEach((holding, i) => {
    if (!state.holding.holdings.has(holding)) throw new Refusal('HoldingNotFound', { pointer: `/holdings/${i}` });
  });
  if (command.relationship !== undefined && !state.identity.relationships.has(command.relationship)) throw new Refusal('RelationshipNotFound', { pointer: '/relationship' });
  requireRegistered('conference', command.conference, '/conference', registers);
  requireRegistered('recipient', details.recipient === UNREGISTERED ? undefined : details.recipient, '/recipient', registers);
  return {
    kind,
    purpose: command.purpose,
    items: [
      ...(command.categories ?? []).map((category) => ({ category })),
      ...(command.holdings ?? []).map((holding) => ({ category: state.holding.holdings.get(holding)?.category ?? '', holding })),
    ],
    ...(command.relationship !== undefined && { relationship: command.relationship }),
    ...(command.conference !== undefined && { conference: command.conference }),
    ...details,
  };
}

const UNKNOWN = { recipient: 'UnknownRecipient', conference: 'UnknownConference' } as const;

/** Refuses an id that the register does not know, with those that it does. */
export function requireRegistered(kind: keyof typeof UNKNOWN, id: string | undefined, pointer: string, registers: Registers): void {
  if (id === undefined || registers.registered(kind, id) !== undefined) return;
  const alternatives = kind === 'recipient' ? [...registers.idsOf(kind), UNREGISTERED] : registers.idsOf(kind);
  throw new Refusal(UNKNOWN[kind], { pointer, alternatives });
}

/** The holdings that an act was about, as its event names them: a category of which nothing is held stands alone. */
export function itemsOf({ question }: Asked): readonly ActItem[] {
  return question.held.flatMap(({ category, holdings }): readonly ActItem[] => (holdings.length === 0 ? [{ category }] : holdings.map(({ holding }) => ({ category, holding }))));
}

export interface Asked {
  readonly act: Act;
  readonly question: ReturnType<typeof questionOf>;
  readonly reasoning: Reasoning;
}

/** Judges an act now (an ask) or on its own day (a told one). */
export function asked(command: ActCommand, act: Act, state: SubjectState, context: Pick<Context, 'registers' | 'when'>, authorisation?: { readonly id: string; readonly found: Authorisation | undefined }): Asked {
  const question = questionOf(named(command), act, state, context, authorisation);
  return { act: question.act, question, reasoning: judgeAct(question) };
}

/** An ask is about now: what was or will be allowed is no permission. */
export function requireNow(command: ActCommand): void {
  if (command.occurredAt !== undefined) throw new Refusal('AskIsForNow', { pointer: '/occurredAt' });
}

/** The envelope members of an ask's or a told act's event. */
export function actFact(command: ActCommand, context: Context, { question, reasoning }: Asked): Omit<Fact, 'type' | 'data'> {
  return {
    ...told(command, context, question.answerable),
    ...(reasoning.registers.length > 0 && { registers: reasoning.registers }),
    ...(reasoning.outcome === 'blocked' ? { verdict: 'unjustified', failed: reasoning.failed } : { verdict: 'justified' }),
  };
}

function named({ service, controller }: ActCommand): { service?: string; controller?: string } {
  return { ...(service !== undefined && { service }), ...(controller !== undefined && { controller }) };
}

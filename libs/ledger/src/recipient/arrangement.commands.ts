/** Transfer arrangements of a recipient (GDPR Art. 46), what is known of them, and lists that a recipient stands on (Art. 45). */
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength, registerDecorator, ValidateIf } from 'class-validator';
import { ADEQUACY_DECISIONS } from '#law/data/adequacy.js';
import { COUNTRIES } from '#law/data/countries.js';
import { SCC_CLAUSES, type SccClauses, type SccGeneration, type SccModule } from '#law/data/scc.js';
import { sccAt, sccClauses, sccFits, sccFitting } from '#law/transfer-law.js';
import { Command, IsLedgerId } from '../command.js';
import type { Context, Decision, Fact } from '../decision.js';
import { Refusal } from '../refusals.js';
import { told } from '../told.js';
import { ANNEXES, IMPACT_OUTCOMES, MECHANISMS, TRANSFER_ROLES, recipientEvents, type RecipientData } from './recipient.events.js';
import { countryOn, isSuspended, type Arrangement, type RecipientState } from './recipient.state.js';
import { beginningOf, endingOf, IsDay, requireOrder } from '../register-facts.js';
import { requireRecipient } from './recipient.commands.js';

const GENERATIONS = [...new Set(SCC_CLAUSES.map(({ generation }) => generation))];
/** What says that it is the same arrangement. */
const SIGNED = Object.keys(recipientEvents.TransferArrangementSigned.members).filter((member) => member !== 'to');
const LISTS = ADEQUACY_DECISIONS.filter(({ scope }) => scope === 'certified-organisations').map(({ id }) => id);

/** Only the Commission's clauses come in generations and modules. */
function IsOfStandardClauses(): PropertyDecorator {
  return (target, name) =>
    registerDecorator({
      name: 'ofStandardClauses',
      target: target.constructor,
      propertyName: String(name),
      validator: {
        validate: (_value: unknown, args) => (args?.object as SignTransferArrangement).mechanism === 'standard-clauses',
        defaultMessage: () => '$property belongs to standard clauses',
      },
    });
}

export abstract class RecipientTransferCommand extends Command {
  /** A recipient of the register. */
  @IsLedgerId()
  recipient!: string;
}

export abstract class ArrangementCommand extends RecipientTransferCommand {
  /** The arrangement's own id, within the recipient's register. */
  @IsLedgerId()
  arrangement!: string;
}

/** An arrangement for transfers to a third country was signed with a recipient. */
export class SignTransferArrangement extends ArrangementCommand {
  @IsIn(MECHANISMS)
  mechanism!: (typeof MECHANISMS)[number];

  /** Of standard clauses: which generation. */
  @ValidateIf(({ mechanism, decision }: SignTransferArrangement) => mechanism === 'standard-clauses' || decision !== undefined)
  @IsOfStandardClauses()
  @IsIn(GENERATIONS)
  decision?: SccGeneration;

  /** Of the standard clauses of 2021: which module. */
  @IsOptional()
  @IsOfStandardClauses()
  @IsInt()
  @Min(1)
  @Max(4)
  module?: number;

  /** What we are to the data. Default: controller. */
  @IsOptional()
  @IsIn(TRANSFER_ROLES)
  exporterRole?: (typeof TRANSFER_ROLES)[number];

  @IsIn(TRANSFER_ROLES)
  importerRole!: (typeof TRANSFER_ROLES)[number];

  /** Default: the recipient's own on that day. */
  @IsOptional()
  @IsIn(COUNTRIES)
  country?: string;

  /** Annexes of the clauses of 2021 that were filled in. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ANNEXES.length)
  @ArrayUnique()
  @IsIn(ANNEXES, { each: true })
  annexes?: (typeof ANNEXES)[number][];

  /** Only for data that stays and is read from there, or only for data that is sent. Default: for both. */
  @IsOptional()
  @IsBoolean()
  remoteAccess?: boolean;

  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  signedOn?: string;

  /** First day. Default: the day it was signed. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Last day. Default: until it is ended. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const signTransferArrangement: Decision<SignTransferArrangement, RecipientState> = {
  decide(command, state, context) {
    requireRecipient(state);
    const data = signedBy(command, state, context);
    const known = state.arrangements.get(command.arrangement);
    if (known !== undefined) {
      if (isSame({ ...known }, data)) return [];
      throw new Refusal('OtherEntry', { pointer: '/arrangement' });
    }
    requireOrder(data.from, data.to, '/to');
    requireClauses(data);
    return [fact('TransferArrangementSigned', data, context)];
  },
};

function signedBy(command: SignTransferArrangement, state: RecipientState, context: Context): RecipientData['TransferArrangementSigned'] {
  const { arrangement, mechanism, decision, module, importerRole, remoteAccess, to } = command;
  const signedOn = command.signedOn ?? beginningOf(context.when);
  return {
    arrangement,
    mechanism,
    ...(decision !== undefined && { decision }),
    ...(module !== undefined && { module }),
    exporterRole: command.exporterRole ?? 'controller',
    importerRole,
    country: command.country ?? countryOn(state, signedOn) ?? state.countries[0]?.country ?? '',
    annexes: [...(command.annexes ?? [])].sort(),
    ...(remoteAccess !== undefined && { remoteAccess }),
    signedOn,
    from: command.from ?? signedOn,
    ...(to !== undefined && { to }),
  };
}

/** But for its last day: one that was told later is no other content. */
function isSame(known: Readonly<Record<string, unknown>>, data: Readonly<Record<string, unknown>>): boolean {
  return SIGNED.every((member) => JSON.stringify(known[member]) === JSON.stringify(data[member]));
}

/** Refused with the clauses that would fit and the days on which they could be signed (G46, G46.2). */
function requireClauses({ mechanism, decision, module, exporterRole, importerRole, signedOn }: RecipientData['TransferArrangementSigned']): void {
  if (mechanism !== 'standard-clauses') return;
  const [generation, of] = [decision as SccGeneration, module as SccModule | undefined];
  const fitting = sccFitting(exporterRole, importerRole, signedOn);
  const clauses = sccClauses(generation, of);
  if (clauses === undefined || !sccFits(generation, of, exporterRole, importerRole)) {
    const ofRoles = fitting.length > 0 ? fitting : SCC_CLAUSES.filter(({ exporter, importer }) => exporter === exporterRole && importer === importerRole);
    throw new Refusal('ModuleDoesNotFit', { pointer: '/module', alternatives: ofRoles.map(signable) });
  }
  if (sccAt(generation, signedOn, of)?.signable !== true) throw new Refusal('ClausesNotInForce', { pointer: '/signedOn', alternatives: [clauses, ...fitting].map(signable) });
}

/** `scc-2010-87 2010-05-15/2021-09-26`: clauses, their module, and the days on which they could be signed. */
function signable({ generation, module, from, signableTo, to }: SccClauses): string {
  return `${generation}${module === undefined ? '' : ` module ${module}`} ${from}/${signableTo ?? to ?? '..'}`;
}

/** The last day on which the arrangement holds. */
export class EndTransferArrangement extends ArrangementCommand {
  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endTransferArrangement: Decision<EndTransferArrangement, RecipientState> = {
  decide(command, state, context) {
    const known = arrangementIn(state, command.arrangement);
    const to = command.to ?? endingOf(context.when);
    requireOrder(known.from, to, '/to');
    return known.to !== undefined && known.to <= to ? [] : [fact('TransferArrangementEnded', { arrangement: command.arrangement, to }, context)];
  },
};

/** From this day on nothing is transferred on it (clauses 14(f) and 16(b) of the clauses of 2021). */
export class SuspendTransferArrangement extends ArrangementCommand {
  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  from?: string;
}

/** It is in use again from this day on. */
export class ResumeTransferArrangement extends ArrangementCommand {
  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const suspendTransferArrangement: Decision<SuspendTransferArrangement, RecipientState> = {
  decide: (command, state, context) => turned(command, true, state, context),
};

export const resumeTransferArrangement: Decision<ResumeTransferArrangement, RecipientState> = {
  decide: (command, state, context) => turned(command, false, state, context),
};

function turned({ arrangement, from }: SuspendTransferArrangement, suspended: boolean, state: RecipientState, context: Context): readonly Fact[] {
  const known = arrangementIn(state, arrangement);
  const day = from ?? (suspended ? endingOf(context.when) : beginningOf(context.when));
  requireOrder(known.from, day, '/from');
  if (isSuspended(known, { first: day, last: day }) === suspended) return [];
  return [fact(suspended ? 'TransferArrangementSuspended' : 'TransferArrangementResumed', { arrangement, from: day }, context)];
}

/** How the law and practice of the country bear on the arrangement (clause 14; C-311/18). */
export class AssessTransferImpact extends ArrangementCommand {
  @IsIn(IMPACT_OUTCOMES)
  outcome!: (typeof IMPACT_OUTCOMES)[number];

  /** First day on which it may be leant on. Default: the day it happened. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Last day; by then it has to be made again. Default: none. */
  @IsOptional()
  @IsDay()
  to?: string;

  /** Which measures make it sufficient; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  measures?: string;
}

export const assessTransferImpact: Decision<AssessTransferImpact, RecipientState> = {
  seals: ({ measures }) => measures !== undefined,
  decide(command, state, context) {
    const { arrangement, outcome, to, measures } = command;
    const known = arrangementIn(state, arrangement);
    const from = command.from ?? beginningOf(context.when);
    requireOrder(from, to, '/to');
    // Only the last is what holds: an older one told again takes its place.
    const last = known.assessments.at(-1);
    if (last !== undefined && last.outcome === outcome && last.from === from && last.to === to) return [];
    const assessed = fact('TransferImpactAssessed', { arrangement, outcome, from, ...(to !== undefined && { to }) }, context);
    return [measures === undefined ? assessed : { ...assessed, sealed: [{ slot: 'measures', holding: context.stream, category: 'free-text', value: measures }] }];
  },
};

/** The recipient stands on the list of a framework whose adequacy covers certified organisations only. */
export class CertifyRecipient extends RecipientTransferCommand {
  /** The adequacy decision of the framework. */
  @IsLedgerId()
  decision!: string;

  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Last day. Default: until it is ended. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const certifyRecipient: Decision<CertifyRecipient, RecipientState> = {
  decide(command, state, context) {
    requireRecipient(state);
    requireList(command.decision);
    const { decision, to } = command;
    const from = command.from ?? beginningOf(context.when);
    requireOrder(from, to, '/to');
    const isKnown = state.certifications.some((one) => one.decision === decision && one.from <= from && (one.to === undefined || (to !== undefined && one.to >= to)));
    return isKnown ? [] : [fact('RecipientCertified', { decision, from, ...(to !== undefined && { to }) }, context)];
  },
};

/** The last day on which the recipient stands on the list. */
export class EndRecipientCertification extends RecipientTransferCommand {
  /** The adequacy decision of the framework. */
  @IsLedgerId()
  decision!: string;

  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endRecipientCertification: Decision<EndRecipientCertification, RecipientState> = {
  decide(command, state, context) {
    requireRecipient(state);
    const { decision } = command;
    const to = command.to ?? endingOf(context.when);
    const known = state.certifications.filter((one) => one.decision === decision);
    if (known.length === 0) throw new Refusal('UnknownEntry', { pointer: '/decision', alternatives: [...new Set(state.certifications.map((one) => one.decision))].sort() });
    requireOrder(known.map(({ from }) => from).sort()[0] ?? to, to, '/to');
    return known.every((one) => one.from > to || (one.to !== undefined && one.to <= to)) ? [] : [fact('RecipientCertificationEnded', { decision, to }, context)];
  },
};

function requireList(decision: string): void {
  if (!LISTS.includes(decision)) throw new Refusal('UnknownEntry', { pointer: '/decision', alternatives: LISTS });
}

function arrangementIn(state: RecipientState, id: string): Arrangement {
  requireRecipient(state);
  const known = state.arrangements.get(id);
  if (known === undefined) throw new Refusal('UnknownArrangement', { pointer: '/arrangement', alternatives: [...state.arrangements.keys()] });
  return known;
}

function fact(type: keyof RecipientData, data: Fact['data'], context: Context): Fact {
  return { type, data, ...told({}, context) };
}

import { ArrayMaxSize, IsArray, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { SubjectCommand } from '../../command.js';
import type { Context, Decision, SlotToSeal } from '../../decision.js';
import { UUID } from '../../schema.js';
import { told as toldBy } from '../../told.js';
import { controllerTold, everyModel, isKnownChannel, isKnownPurpose, purposesWithin } from '../never-refused.js';
import type { SubjectState } from '../subject.js';
import { ends, type Ending } from './consent.state.js';

/**
 * Consent is withdrawn. Never refused for what it says (GDPR Art. 7(3)): codes and dates that cannot be used are sealed as told,
 * and what cannot be read narrowly is taken widely. It takes effect on receipt at the latest.
 */
export class WithdrawConsent extends SubjectCommand {
  /** Which purposes; absent or none of them known: all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  purposes?: string[];

  @IsOptional()
  @IsString()
  @MaxLength(200)
  consent?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  method?: string;

  @IsOptional()
  @IsNumber()
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  steps?: number;

  /** One that is longer than any time is no time, and sealed like another. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  override occurredAt?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  override service?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  override controller?: string;
}

export const withdrawConsent: Decision<WithdrawConsent, SubjectState> = {
  neverRefused: true,
  seals: () => true,
  decide(command, state, context) {
    const unusable: SlotToSeal[] = [];
    const seal = (slot: string, value: unknown): void => void unusable.push({ slot, holding: context.newId('unusable'), category: 'free-text', value });

    const controller = controllerTold(command, context.registers);
    if (command.service !== undefined && controller?.service === undefined) seal('service', command.service);
    if (command.controller !== undefined && controller?.id !== command.controller) seal('controller', command.controller);
    const purposes = command.purposes?.filter((purpose) => isKnownPurpose(purpose, context.registers));
    if (command.purposes !== undefined && purposes?.length !== command.purposes.length) seal('purposes', command.purposes);
    const consent = command.consent !== undefined && UUID.test(command.consent) && state.consent.given.some((given) => given.consent === command.consent) ? command.consent : undefined;
    if (command.consent !== undefined && consent === undefined) seal('consent', command.consent);
    const method = command.method !== undefined && isKnownChannel(command.method, context.registers) ? command.method : undefined;
    if (command.method !== undefined && method === undefined) seal('method', command.method);
    const steps = command.steps !== undefined && Number.isInteger(command.steps) && command.steps >= 1 && command.steps <= 100 ? command.steps : undefined;
    if (command.steps !== undefined && steps === undefined) seal('steps', command.steps);
    if (context.toldAt !== undefined) seal('occurred-at', context.toldAt);
    const scope = widened(scopeOf(purposes, consent, context), controller?.id, state, context);
    if (scope.isWide && command.purposes !== undefined && purposes?.length === command.purposes.length) seal('purposes', command.purposes);
    if (scope.isWide && consent !== undefined) seal('consent', consent);
    if (scope.isNow) seal('occurred-at', command.occurredAt);

    return [
      {
        type: 'ConsentWithdrawn',
        data: {
          ...(scope.purposes !== undefined && { purposes: scope.purposes }),
          ...(scope.consent !== undefined && { consent: scope.consent }),
          at: scope.at,
          ...(method !== undefined && { method }),
          ...(steps !== undefined && { steps }),
          ...(unusable.length > 0 && { unusable: true }),
        },
        ...toldBy(command, context),
        ...(scope.isNow && { occurredAt: context.now }),
        ...(controller !== undefined && { controller: controller.id }),
        ...(controller?.service !== undefined && { service: controller.service }),
        ...(unusable.length > 0 && { sealed: unusable }),
      },
    ];
  },
};

interface Scope {
  readonly purposes?: readonly string[];
  readonly consent?: string;
  readonly at: string;
  readonly latest: string;
}

function scopeOf(purposes: readonly string[] | undefined, consent: string | undefined, { registers, when }: Context): Scope {
  return {
    ...(purposes !== undefined && purposes.length > 0 && { purposes: purposesWithin(purposes, everyModel(registers)) }),
    ...(consent !== undefined && { consent }),
    at: when.earliest,
    latest: when.latest,
  };
}

/**
 * A withdrawal that would end nothing while a consent stands was not meant so: a consent beside purposes that it is not about, or a
 * date before any consent (a sender's null date), cannot be read narrowly and is taken widely, on receipt (decision 0001).
 */
function widened(scope: Scope, controller: string | undefined, { consent: { given, endings } }: SubjectState, { now }: Context): Scope & { readonly isWide: boolean; readonly isNow: boolean } {
  const ofController = controller === undefined ? {} : { controller };
  const ending = (told: Omit<Scope, 'at'>): Ending => ({ event: '', kind: 'consent-withdrawn', ...ofController, ...told, at: told.latest });
  const covers = (told: Omit<Scope, 'at'>): boolean => given.some((one) => one.purposes.some((purpose) => ends(ending(told), one, purpose)));
  const narrow = { ...scope, isWide: false, isNow: false };
  const standing = given.filter((one) => one.purposes.some((purpose) => !endings.some((earlier) => ends(earlier, one, purpose))));
  const stands = standing.some((one) => one.purposes.some((purpose) => ends(ending({ latest: now }), one, purpose)));
  if (!stands || covers(scope)) return narrow;
  const { at: _at, ...late } = { ...scope, latest: now };
  if (covers(late)) return { ...scope, at: now, latest: now, isWide: false, isNow: true };
  if (scope.purposes === undefined || scope.consent === undefined) return narrow;
  const isNow = !covers({ latest: scope.latest });
  return { at: isNow ? now : scope.at, latest: isNow ? now : scope.latest, isWide: true, isNow };
}

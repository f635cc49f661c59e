/** What shows that a consent was asked for and given, as commands carry it (GDPR Art. 7(1)). */
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsLedgerId, SubjectCommand } from '../../command.js';
import type { OnBehalfOf } from '../../envelope.js';
import { Refusal } from '../../refusals.js';
import type { Answerable } from '../../registers.js';
import { INDICATED_BY, LANGUAGES, type EVIDENCE } from './consent.events.js';

export class NoticeRef {
  @IsLedgerId()
  id!: string;

  @IsInt()
  @Min(1)
  @Max(100_000)
  version!: number;
}

export abstract class WithEvidence extends SubjectCommand {
  /** The notice that the person was shown. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  notice?: NoticeRef;

  /** SHA-256 (hex) of the exact wording that was shown; it is one of the policy's. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property is a SHA-256 in lower-case hex' })
  wording?: string;

  @IsOptional()
  @IsIn(LANGUAGES)
  language?: (typeof LANGUAGES)[number];

  /** A channel of the policy. */
  @IsOptional()
  @IsLedgerId()
  method?: string;

  /** Who expressed it. */
  @IsOptional()
  @IsIn(INDICATED_BY)
  indicatedBy?: (typeof INDICATED_BY)[number];

  /** How many steps it took: withdrawing may not take more (GDPR Art. 7(3)). */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  steps?: number;
}

type Evidence = Pick<WithEvidence, 'notice' | 'wording' | 'language' | 'method' | 'indicatedBy' | 'steps'>;

/** The evidence as an event keeps it. Refuses codes that the policy does not know. */
export function evidenceOf(command: WithEvidence, answerable: Answerable): Evidence {
  const { model } = answerable;
  requireNotice(command.notice, answerable);
  if (command.wording !== undefined && model.wordingByHash(command.wording) === undefined)
    throw new Refusal('UnknownWording', { pointer: '/wording', alternatives: model.alternatives('wording') });
  if (command.method !== undefined && !model.has('channel', command.method))
    throw new Refusal('UnknownChannel', { pointer: '/method', alternatives: model.alternatives('channel') });
  return {
    ...(command.notice !== undefined && { notice: { id: command.notice.id, version: command.notice.version } }),
    ...(command.wording !== undefined && { wording: command.wording }),
    ...(command.language !== undefined && { language: command.language }),
    ...(command.method !== undefined && { method: command.method }),
    ...(command.indicatedBy !== undefined && { indicatedBy: command.indicatedBy }),
    ...(command.steps !== undefined && { steps: command.steps }),
  };
}

/** Refuses a notice that the policy has not published in this version. */
export function requireNotice(notice: NoticeRef | undefined, { model }: Answerable): void {
  if (notice === undefined) return;
  const isPublished = model.noticeVersions.some(({ of }) => of.id === notice.id && of.version === notice.version);
  if (!isPublished) throw new Refusal('UnknownNotice', { pointer: '/notice', alternatives: [...new Set(model.noticeVersions.map(({ of }) => `${of.id}/${of.version}`))] });
}

type Missing = (typeof EVIDENCE)[number] | 'wording-covers';

/** What a consent was told to be for, as far as its wording has to show it. */
interface Claim {
  readonly purposes: readonly string[];
  readonly type: 'expressed' | 'explicit';
  readonly categories?: readonly string[] | undefined;
  readonly recipientKinds?: readonly string[] | undefined;
  readonly onBehalfOf?: OnBehalfOf | undefined;
}

/**
 * The evidence that is not there. A wording that was not about all that the consent is said to be for, or not explicit where it must
 * be, shows nothing; and whoever booked for somebody else cannot have expressed that person's consent (GDPR Art. 4(11)).
 */
export function missingEvidence(evidence: Evidence, claim: Claim, { model }: Answerable): readonly Missing[] {
  const missing: Missing[] = [];
  for (const name of ['notice', 'wording', 'language', 'method', 'indicatedBy'] as const)
    if (evidence[name] === undefined || (name === 'indicatedBy' && claim.onBehalfOf === 'booker')) missing.push(name);
  const wording = evidence.wording === undefined ? undefined : model.wordingByHash(evidence.wording);
  if (wording !== undefined) {
    const { of, language } = wording;
    const covers =
      claim.purposes.every((purpose) => of.purposes.includes(purpose)) &&
      (claim.categories ?? []).every((category) => of.categories.some((covered) => model.isWithin(category, covered))) &&
      (claim.recipientKinds ?? []).every((kind) => of.recipientKinds.includes(kind));
    const fits = language === evidence.language && (claim.type === 'expressed' || of.type === 'explicit');
    if (!covers || !fits) missing.push('wording-covers');
  }
  return missing;
}

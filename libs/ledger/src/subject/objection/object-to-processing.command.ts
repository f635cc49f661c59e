import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { SubjectCommand } from '../../command.js';
import type { Decision, SlotToSeal } from '../../decision.js';
import { isMarketing } from '../../policy-checks.js';
import { told as toldBy } from '../../told.js';
import { controllerTold, everyModel, isKnownChannel, isKnownPurpose, purposesWithin } from '../never-refused.js';
import type { SubjectState } from '../subject.js';
import { OBJECTION_KINDS } from './objection.events.js';

/**
 * The person objects: to direct marketing, without giving any reason (GDPR Art. 21(2)), or on grounds of their own to what rests on a
 * public task or a legitimate interest (21(1)). Never refused for what it says: codes and dates that cannot be used are sealed as told,
 * and what cannot be read narrowly is taken widely. It takes effect on receipt at the latest.
 */
export class ObjectToProcessing extends SubjectCommand {
  @IsIn(OBJECTION_KINDS)
  kind!: (typeof OBJECTION_KINDS)[number];

  /** Which purposes; absent, or none of them usable: every purpose that can be objected to. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  purposes?: string[];

  /** Objects to these kinds of recipients only; absent, or none of them usable: to the use as such. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  recipientKinds?: string[];

  /** A channel of the policy. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  method?: string;

  /** What the person says of their situation; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  reason?: string;

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

export const objectToProcessing: Decision<ObjectToProcessing, SubjectState> = {
  neverRefused: true,
  seals: () => true,
  decide(command, _state, context) {
    const { registers } = context;
    const unusable: SlotToSeal[] = [];
    const seal = (slot: string, value: unknown): void => void unusable.push({ slot, holding: context.newId('unusable'), category: 'free-text', value });

    const controller = controllerTold(command, registers);
    if (command.service !== undefined && controller?.service === undefined) seal('service', command.service);
    if (command.controller !== undefined && controller?.id !== command.controller) seal('controller', command.controller);
    const models = everyModel(registers);
    const purposes = purposesWithin((command.purposes ?? []).filter((purpose) => isKnownPurpose(purpose, registers)), models);
    // A no to marketing that names none of it was not meant to stop nothing.
    const usable = command.kind === 'processing' || purposes.some((purpose) => models.some((model) => isMarketing(purpose, model))) ? purposes : [];
    if (command.purposes?.every((purpose) => usable.includes(purpose)) === false) seal('purposes', command.purposes);
    const recipientKinds = command.recipientKinds?.filter((kind) => models.some((model) => model.has('recipient-kind', kind)));
    if (recipientKinds?.length !== command.recipientKinds?.length) seal('recipient-kinds', command.recipientKinds);
    const method = command.method !== undefined && isKnownChannel(command.method, registers) ? command.method : undefined;
    if (command.method !== undefined && method === undefined) seal('method', command.method);
    if (context.toldAt !== undefined) seal('occurred-at', context.toldAt);

    const reason: readonly SlotToSeal[] = command.reason === undefined ? [] : [{ slot: 'reason', holding: context.newId('reason'), category: 'free-text', value: command.reason }];
    const sealed = [...unusable, ...reason];
    return [
      {
        type: 'DataSubjectObjected',
        data: {
          kind: command.kind,
          ...(usable.length > 0 && { purposes: usable }),
          ...(recipientKinds !== undefined && recipientKinds.length > 0 && { recipientKinds }),
          at: context.when.earliest,
          ...(method !== undefined && { method }),
          ...(unusable.length > 0 && { unusable: true }),
        },
        ...toldBy(command, context),
        ...(controller !== undefined && { controller: controller.id }),
        ...(controller?.service !== undefined && { service: controller.service }),
        ...(sealed.length > 0 && { sealed }),
      },
    ];
  },
};

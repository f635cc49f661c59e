import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { IsLedgerId, IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Context, Decision } from '../../decision.js';
import { requireRegistered } from '../../gate/act.commands.js';
import { Refusal } from '../../refusals.js';
import { answerableFor, type Answerable } from '../../registers.js';
import { earlier } from '../../told-time.js';
import { told } from '../../told.js';
import { NoticeRef, requireNotice } from '../consent/consent-evidence.js';
import type { SubjectState } from '../subject.js';

/** A notice reached the person: at collection, of a new purpose, or of data that came from elsewhere (GDPR Art. 13, 14). */
export class ServeNotice extends SubjectCommand {
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  notice!: NoticeRef;

  /** Served for this conference: its partners and sponsors are told of in it. */
  @IsOptional()
  @IsLedgerId()
  conference?: string;

  /** A channel of the policy. */
  @IsOptional()
  @IsLedgerId()
  channel?: string;

  /** Of an indirect notice: the duties of Art. 14(3) that it was for. Default: all that were open. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsLedgerUuid(true)
  obligations?: string[];
}

export const serveNotice: Decision<ServeNotice, SubjectState> = {
  decide(command, state, context) {
    const answerable = answerableFor(command, context.when.latest, context.registers);
    requireNotice(command.notice, answerable);
    requireCodes(command, answerable, state, context);
    const servedAt = earlier(context.when.latest, context.now);
    const obligations = closedBy(command, answerable, state, servedAt);
    const { id, version } = command.notice;
    const isKnown = state.notice.served.some(
      (served) => served.id === id && served.version === version && served.conference === command.conference && served.controller === answerable.controller && served.servedAt === servedAt,
    );
    if (isKnown && obligations.length === 0) return [];
    const data = {
      notice: { id, version },
      ...(command.conference !== undefined && { conference: command.conference }),
      ...(command.channel !== undefined && { channel: command.channel }),
      obligations,
      servedAt,
    };
    return [{ type: 'NoticeServed', data, ...told(command, context, answerable) }];
  },
};

function requireCodes({ conference, channel, obligations }: ServeNotice, { model }: Answerable, { notice }: SubjectState, { registers }: Context): void {
  requireRegistered('conference', conference, '/conference', registers);
  if (channel !== undefined && !model.has('channel', channel)) throw new Refusal('UnknownChannel', { pointer: '/channel', alternatives: model.alternatives('channel') });
  obligations?.forEach((obligation, i) => {
    if (!notice.obligations.has(obligation)) throw new Refusal('ObligationNotFound', { pointer: `/obligations/${i}` });
  });
}

/** Only a notice of Art. 14 tells where the data came from (Art. 14(2)(f)), and only of data that was there when it was served. */
function closedBy(command: ServeNotice, { model, controller }: Answerable, { notice }: SubjectState, servedAt: string): readonly string[] {
  const published = model.policy.notices.find(({ id, version }) => id === command.notice.id && version === command.notice.version);
  if (published?.kind !== 'indirect') return [];
  return [...notice.obligations.values()]
    .filter((duty) => command.obligations?.includes(duty.obligation) ?? (duty.controller === undefined || duty.controller === controller))
    .filter(({ obtainedAt, served }) => obtainedAt <= servedAt && (served === undefined || served.at > servedAt))
    .map(({ obligation }) => obligation);
}

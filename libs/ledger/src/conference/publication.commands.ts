import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { canonical } from '#audit/canonical.js';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { covers } from '../period.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, IsDay } from '../register-facts.js';
import { answerableFor } from '../registers.js';
import { NoticeRef, requireNotice } from '../subject/consent/consent-evidence.js';
import { ConferenceCommand, requireConference, toldOf } from './conference.commands.js';
import type { ConferenceState } from './conference.state.js';
import { recipientIn } from './party.commands.js';

/** The notice that participants are served names these recipients: whoever was served it was told of them and no others (S131). */
export class PublishConferenceNotice extends ConferenceCommand {
  /** A notice of the policy. */
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  notice!: NoticeRef;

  /** Recipients of the register. Default: all sponsors and partners of that day. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @IsLedgerId(true)
  recipients?: string[];

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const publishConferenceNotice: Decision<PublishConferenceNotice, ConferenceState> = {
  decide(command, state, context) {
    requireConference(state);
    const { id, version } = command.notice;
    const from = command.from ?? beginningOf(context.when);
    if (state.service !== undefined) requireNotice(command.notice, answerableFor({ service: state.service }, context.when.latest, context.registers));
    command.recipients?.forEach((recipient, i) => recipientIn(context.registers, recipient, `/recipients/${i}`));
    const recipients = codes(command.recipients ?? namedOn(state, from));
    const lists = state.notices.filter(({ notice }) => notice.id === id && notice.version === version);
    const frozen = lists.find((list) => list.from === from);
    if (frozen !== undefined) {
      // What has been published on a day cannot have said something else.
      if (command.recipients !== undefined && canonical(frozen.recipients) !== canonical(recipients)) throw new Refusal('OtherEntry', { pointer: '/recipients' });
      return [];
    }
    const before = lists.filter((list) => list.from < from).reduce<(typeof lists)[number] | undefined>((last, list) => (last === undefined || list.from > last.from ? list : last), undefined);
    if (before !== undefined && canonical(before.recipients) === canonical(recipients)) return [];
    return [{ type: 'ConferenceNoticePublished', data: { notice: { id, version }, recipients, from }, ...toldOf(state, context) }];
  },
};

function namedOn({ parties }: ConferenceState, day: string): readonly string[] {
  return parties.filter((party) => (party.role === 'sponsor' || party.role === 'partner') && covers(party, { first: day, last: day })).map(({ recipient }) => recipient);
}

/** Special terms of participation (S132). Accepting them is no consent (GDPR Art. 7(2)). */
export class PublishConferenceTerms extends ConferenceCommand {
  /** The terms' own id and version. */
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  terms!: NoticeRef;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const publishConferenceTerms: Decision<PublishConferenceTerms, ConferenceState> = {
  decide(command, state, context) {
    requireConference(state);
    const { id, version } = command.terms;
    const known = state.terms.find(({ terms }) => terms.id === id && terms.version === version);
    const from = command.from ?? known?.from ?? beginningOf(context.when);
    if (known !== undefined && known.from !== from) throw new Refusal('OtherEntry', { pointer: '/terms' });
    return known !== undefined ? [] : [{ type: 'ConferenceTermsPublished', data: { terms: { id, version }, from }, ...toldOf(state, context) }];
  },
};

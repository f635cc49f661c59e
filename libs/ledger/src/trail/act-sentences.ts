/** Sentences of what was asked of the gate and what was told to have been done: who, for what, which categories; never a value. */
import type { ActItem, Applied } from '../gate/reasoning.members.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import type { ObjectionData } from '../subject/objection/objection.events.js';
import type { TransferData } from '../subject/transfer/transfer.events.js';
import type { UseData } from '../subject/use/use.events.js';
import type { DeviationData } from '../subject/deviation/deviation.events.js';
import type { NoticeData } from '../subject/notice/notice.events.js';
import { ruleText, type RuleCode } from '../rules.js';
import type { Label, Said } from './sentences.js';

type ActData = DisclosureData & TransferData & UseData & ObjectionData & NoticeData & DeviationData;
type ActSentences = { readonly [T in keyof ActData]: (data: ActData[T], event: unknown, label: Label) => Said };

const mechanisms: Readonly<Record<string, Said>> = {
  'within-eea': ['inom EES', 'within the EEA'],
  adequacy: ['beslut om adekvat skyddsnivå', 'an adequacy decision'],
  'standard-clauses': ['standardavtalsklausuler', 'standard contractual clauses'],
  'binding-corporate-rules': ['bindande företagsbestämmelser', 'binding corporate rules'],
  'code-of-conduct': ['en uppförandekod', 'a code of conduct'],
  certification: ['en certifiering', 'a certification'],
  derogation: ['ett undantag i artikel 49', 'a derogation of Article 49'],
  none: ['inget stöd för överföring', 'no ground for a transfer'],
};

const measures: Readonly<Record<DeviationData['DeviationDealtWith']['measure'], Said>> = {
  corrected: ['rättad', 'corrected'],
  erased: ['uppgifterna raderades', 'the data was erased'],
  recalled: ['uppgifterna återkallades', 'the data was recalled'],
  'recipient-instructed': ['mottagaren instruerades', 'the recipient was instructed'],
  'person-informed': ['personen informerades', 'the person was informed'],
  'incident-opened': ['anmäld som incident', 'opened as an incident'],
  'register-completed': ['registret kompletterades', 'the register was completed'],
  'accepted-with-reason': ['godtagen med skäl', 'accepted for a reason'],
};

const recalls: Readonly<Record<DisclosureData['DisclosureRecallConfirmed']['outcome'], Said>> = {
  erased: ['raderat', 'erased'],
  returned: ['återlämnat', 'returned'],
  refused: ['vägrat', 'refused'],
  impossible: ['uppgett att det inte går', 'said that it cannot'],
};

export const actSentences: ActSentences = {
  DisclosureAuthorised: (data, _event, label) => both((i) => `${['Utlämnande tilläts', 'Disclosure was allowed'][i]}: ${gist(data, label, i)}${remarks(data.rules, i)}`),
  DisclosureBlocked: (data, _event, label) => both((i) => `${['Utlämnande stoppades', 'Disclosure was blocked'][i]}: ${gist(data, label, i)}`),
  PersonalDataDisclosed: (data, _event, label) => both((i) => `${['Uppgifter lämnades ut', 'Data was disclosed'][i]}: ${gist(data, label, i)}`),
  DisclosureRecalled: () => ['Utlämnade uppgifter återkallades hos mottagaren', 'Disclosed data was recalled from the recipient'],
  DisclosureRecallConfirmed: ({ outcome }) => both((i) => `${['Mottagaren har', 'The recipient has'][i]} ${recalls[outcome][i]}`),
  MatterReferredToPolice: ({ authority }) => both((i) => `${['Ärendet överlämnades till', 'The matter was handed to'][i]} ${authority}`),
  TransferAuthorised: (data, _event, label) => both((i) => `${['Överföring tilläts', 'Transfer was allowed'][i]}: ${transferGist(data, label, i)}${remarks(data.rules, i)}`),
  TransferBlocked: (data, _event, label) => both((i) => `${['Överföring stoppades', 'Transfer was blocked'][i]}: ${transferGist(data, label, i)}`),
  TransferPerformed: (data, _event, label) => both((i) => `${['Uppgifter överfördes', 'Data was transferred'][i]}: ${transferGist(data, label, i)}`),
  UseAuthorised: (data, _event, label) => both((i) => `${['Användning tilläts', 'Use was allowed'][i]}: ${useGist(data, label, i)}${remarks(data.rules, i)}`),
  UseBlocked: (data, _event, label) => both((i) => `${['Användning stoppades', 'Use was blocked'][i]}: ${useGist(data, label, i)}`),
  PersonalDataUsed: (data, _event, label) => both((i) => `${['Uppgifter användes', 'Data was used'][i]}: ${useGist(data, label, i)}`),
  DataSubjectObjected: ({ kind, purposes }, _event, label) =>
    both((i) => {
      const what = purposes === undefined ? ['alla ändamål', 'all purposes'][i] : purposes.map((purpose) => label('purpose', purpose)).join(', ');
      return kind === 'direct-marketing' ? ['Personen sade nej till direktmarknadsföring', 'The person objected to direct marketing'][i] ?? '' : `${['Personen invände', 'The person objected'][i]}: ${what}`;
    }),
  NoticeServed: ({ notice }) => both((i) => `${['Personen informerades', 'The person was informed'][i]} (${notice.id} ${notice.version})`),
  DeviationDealtWith: ({ measure }) => both((i) => `${['En avvikelse hanterades', 'A deviation was dealt with'][i]}: ${measures[measure][i]}`),
};

type Tongue = 0 | 1;

function both(say: (i: Tongue) => string): Said {
  return [say(0), say(1)];
}

interface Act {
  readonly recipient?: string;
  readonly purpose: string;
  readonly items: readonly ActItem[];
}

function gist({ recipient, purpose, items }: Act, label: Label, i: Tongue): string {
  const to = recipient === undefined ? '' : recipient === 'unregistered' ? ['till en oregistrerad mottagare', 'to an unregistered recipient'][i] : `${['till', 'to'][i]} ${recipient}`;
  const what = [...new Set(items.map(({ category }) => label('category', category)))].join(', ');
  return `${what}${to === '' ? '' : ` ${to}`} (${label('purpose', purpose)})`;
}

function transferGist(data: TransferData['TransferBlocked'], label: Label, i: Tongue): string {
  return `${gist(data, label, i)}, ${data.country}${data.remoteAccess ? ['; läses därifrån', '; read from there'][i] : ''}, ${mechanisms[data.mechanism]?.[i]}`;
}

function useGist(data: UseData['UseBlocked'], label: Label, i: Tongue): string {
  const by = data.recipient === undefined ? '' : `${[', av', ', by'][i]} ${data.recipient}`;
  return `${gist({ purpose: data.purpose, items: data.items }, label, i)}${by}`;
}

function remarks(rules: readonly Applied[], i: Tongue): string {
  const codes = [...new Set(rules.filter(({ result }) => result === 'remarked').map(({ rule }) => rule))];
  return codes.length === 0 ? '' : `${['; med anmärkning: ', '; with a remark: '][i]}${codes.map((code) => ruleText(code as RuleCode, i === 0 ? 'sv' : 'en')).join('; ')}`;
}

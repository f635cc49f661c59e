/** The form of what a policy file declares, list by list. All may be left out. */
import { codeKinds, documentKinds } from './declarations.js';
import type { Change, ChangeClass, Clock, Code, Declarations, MessageClass, PolicyDocument, Right } from './declarations.js';
import { date, dateOrInstant, named, period, rows } from './element-shapes.js';
import { lawfulBases } from './policy.js';
import { defines, flag, list, names, oneOf, optional, orNone, pattern, record, set, words } from './shape.js';
import type { Shape } from './shape.js';

const article = pattern(/^eu-gdpr:A\d{1,2}(-\d)?(-[a-z])?$/, 'an article, as eu-gdpr:A18-1-b');

const document = record<PolicyDocument>({
  ...named('document'),
  kind: oneOf(documentKinds),
  url: optional(pattern(/^https:\/\/\S+$/, 'an https address')),
  services: optional(set(names('service'), 1)),
  servedAt: orNone(set(names('context'))),
  clause: names('clause'),
});

const messageClass = record<MessageClass>({
  ...named('message-class'),
  purpose: names('purpose'),
  channels: set(names('channel'), 1),
  optOut: flag,
  clause: names('clause'),
});

const right = record<Right>({
  ...named('right'),
  article,
  bases: optional(set(oneOf(lawfulBases), 1)),
  provenance: optional(set(oneOf(['provided', 'observed']), 1)),
  clause: names('clause'),
});

const clock = record<Clock>({ ...named('clock'), period, clause: names('clause') });

const code = record<Code>({ ...named('code'), kind: oneOf(codeKinds), article: optional(article), clause: names('clause') });

const changeClass = record<ChangeClass>({ ...named('change-class'), toldBy: optional(names('message-class')), clause: names('clause') });

const change = record<Change>({
  id: defines('change'),
  changeClass: names('change-class'),
  reasons: set(names('code'), 1),
  publishedOn: date,
  effectiveFrom: dateOrInstant,
  summary: words,
  rows,
});

export const declarationShapes: { readonly [K in keyof Declarations]: Shape<Declarations[K]> } = {
  documents: orNone(list(document)),
  messageClasses: orNone(list(messageClass)),
  rights: orNone(list(right)),
  clocks: orNone(list(clock)),
  codes: orNone(list(code)),
  changeClasses: orNone(list(changeClass)),
  changes: orNone(list(change)),
};

/** What was asked of a recipient after the disclosure, and what it answered: kept with the line of the disclosure. */
import type { Envelope } from '../envelope.js';
import type { ActItem } from '../gate/reasoning.members.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import { subjectOf } from '../subject/subject.js';

export interface Recalled {
  readonly event: string;
  readonly occurredAt: string;
  readonly items: readonly ActItem[];
}

export interface Confirmed {
  readonly event: string;
  readonly occurredAt: string;
  readonly outcome: string;
  readonly on?: string;
}

export interface Recalls {
  readonly recalls?: readonly Recalled[];
  readonly confirmations?: readonly Confirmed[];
}

/** The entry of a disclosure: ids that senders choose are unique within a person. Undefined for events that name none. */
export function disclosureEntry({ type, stream, data }: Envelope): string | undefined {
  switch (type) {
    case 'PersonalDataDisclosed':
    case 'DisclosureRecalled':
    case 'DisclosureRecallConfirmed':
      return `${subjectOf(stream)}.${(data as DisclosureData['DisclosureRecallConfirmed']).disclosure}`;
    default:
      // Asks have no disclosure yet, and a matter handed to the police is one of its own.
      return undefined;
  }
}

/** The line of a disclosure after a recall or a confirmation of it; the line itself for every other event. */
export function withRecall<L extends Recalls>(line: L, { id, type, occurredAt, data }: Envelope): L {
  if (type === 'DisclosureRecalled') return { ...line, recalls: [...(line.recalls ?? []), { event: id, occurredAt, items: (data as DisclosureData['DisclosureRecalled']).items }] };
  if (type !== 'DisclosureRecallConfirmed') return line;
  const { outcome, on } = data as DisclosureData['DisclosureRecallConfirmed'];
  return { ...line, confirmations: [...(line.confirmations ?? []), { event: id, occurredAt, outcome, ...(on !== undefined && { on }) }] };
}

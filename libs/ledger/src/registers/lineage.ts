/**
 * Where a value came from and who got it, as a graph: origins → tellings → corrections → uses, disclosures, transfers → recipients,
 * recalls. Made from the events of the whole person when it is asked for, so that it can be asked as of what was known.
 */
import { parseWhen } from '#law/when.js';
import type { Position, StoredEvent } from '#event-store/event-store.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import type { ActItem } from '../gate/reasoning.members.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import type { HeldItem, HoldingData } from '../subject/holding/holding.events.js';
import type { MistakeData } from '../subject/mistake/mistake.events.js';
import { subjectOf } from '../subject/subject.js';
import { actOf } from './act-line.js';

export type NodeKind = 'origin' | 'collection' | 'observation' | 'sourcing' | 'rectification' | 'completion' | 'use' | 'disclosure' | 'transfer' | 'recall' | 'confirmation' | 'recipient';

export interface LineageNode {
  /** Of an event its id; of an origin or a recipient `source:<id>`, `context:<id>`, `technology:<id>`, `recipient:<id>`. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly event?: string;
  readonly type?: string;
  readonly position?: Position;
  readonly occurredAt?: string;
  readonly recordedAt?: string;
  readonly subject?: string;
  readonly categories?: readonly string[];
  readonly holdings?: readonly string[];
  readonly controller?: string;
  readonly system?: string;
  readonly verdict?: string;
  readonly purpose?: string;
  readonly recipient?: string;
  readonly country?: string;
  readonly authorisation?: string;
  readonly disclosure?: string;
  readonly outcome?: string;
  readonly annulled?: boolean;
}

export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  /** `gave`: an origin the value; `superseded`, `joined`: a value by a later one; `carried`: a value into an act; `reached`, `recalled`, `confirmed`. */
  readonly kind: 'gave' | 'superseded' | 'joined' | 'carried' | 'reached' | 'recalled' | 'confirmed';
  readonly holding?: string;
  readonly category?: string;
}

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

interface Placed {
  readonly event: Envelope;
  readonly position: Position;
}

export interface LineageAsked {
  /** Only of these holdings; absent: of all. */
  readonly holdings?: ReadonlySet<string>;
  /** Only what went to this recipient, and where that came from. */
  readonly recipient?: string;
  /** Only these events of acts; absent: all. */
  readonly acts?: ReadonlySet<string>;
}

/**
 * The graph of one person's events. O(events × holdings an event): values and acts are put in the order in which they happened, so that
 * an act that was told late carries the value of its day. An act of a category of which nothing is held stands without an edge.
 */
export function lineageOf(stored: readonly StoredEvent[], { holdings, recipient, acts }: LineageAsked): Lineage {
  const events = stored.map((event): Placed => ({ event: decode(event), position: event.position }));
  const graph = new Graph(errorsIn(events));
  const isMeant = (holding: string): boolean => holdings === undefined || holdings.has(holding);
  const last = new Map<string, string>();
  for (const placed of [...events].sort(inTheOrderOfTheWorld)) {
    const { event } = placed;
    const values = valuesIn(event).filter(({ holding }) => isMeant(holding));
    if (values.length > 0) valuesTold(graph, placed, values, last);
    const act = actIn(event);
    if (act === undefined || (recipient !== undefined && act.recipient !== recipient) || (acts !== undefined && !acts.has(event.id))) continue;
    const items = act.items.filter((item) => (holdings === undefined ? true : item.holding !== undefined && holdings.has(item.holding)));
    if (items.length > 0) actTold(graph, placed, act, items, last);
  }
  for (const placed of events) afterwards(graph, placed);
  return recipient === undefined ? graph.whole() : graph.leadingTo(`recipient:${recipient}`);
}

/** One page of a graph, by its events in log order: an edge comes with the event that it leads to, or with the act that reached somebody. */
export function lineagePage({ nodes, edges }: Lineage, limit: number, after?: Position): Lineage & { readonly next?: Position } {
  const events = nodes.filter(({ position }) => position !== undefined && (after === undefined || position > after)).sort((a, b) => ((a.position ?? '') < (b.position ?? '') ? -1 : 1));
  const page = events.slice(0, limit);
  const inPage = new Set(page.map(({ id }) => id));
  const shown = edges.filter(({ from, to, kind }) => inPage.has(kind === 'reached' ? from : to));
  const named = new Set(shown.flatMap(({ from, to }) => [from, to]));
  const next = events.length > limit ? page.at(-1)?.position : undefined;
  return { nodes: [...nodes.filter(({ id, position }) => position === undefined && named.has(id)), ...page], edges: shown, ...(next !== undefined && { next }) };
}

/** Graphs of several people as one: origins and recipients are the same for all. */
export function joined(graphs: readonly Lineage[]): Lineage {
  return { nodes: [...new Map(graphs.flatMap(({ nodes }) => nodes.map((node) => [node.id, node] as const))).values()], edges: graphs.flatMap(({ edges }) => edges) };
}

class Graph {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges: LineageEdge[] = [];
  /** The event that told of a disclosure, by the disclosure's own id. */
  readonly disclosures = new Map<string, string>();

  constructor(readonly errors: ReadonlySet<string>) {}

  node(node: LineageNode): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return node.id;
  }

  edge(edge: LineageEdge): void {
    this.#edges.push(edge);
  }

  whole(): Lineage {
    return { nodes: [...this.#nodes.values()], edges: this.#edges };
  }

  /** What leads to a node, and what came of it. O(nodes + edges). */
  leadingTo(id: string): Lineage {
    const into = Map.groupBy(this.#edges, ({ to }) => to);
    const kept = new Set<string>();
    const waiting = this.#nodes.has(id) ? [id] : [];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (kept.has(next)) continue;
      kept.add(next);
      waiting.push(...(into.get(next) ?? []).map(({ from }) => from));
    }
    for (const { from, to, kind } of this.#edges) if ((kind === 'recalled' || kind === 'confirmed') && kept.has(from)) kept.add(to);
    return { nodes: [...this.#nodes.values()].filter((node) => kept.has(node.id)), edges: this.#edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
  }
}

interface Value {
  readonly holding: string;
  readonly category: string;
}

const VALUE_KINDS = {
  PersonalDataCollected: 'collection',
  PersonalDataObserved: 'observation',
  PersonalDataSourced: 'sourcing',
  PersonalDataRectified: 'rectification',
  PersonalDataCompleted: 'completion',
} as const satisfies Partial<Record<keyof HoldingData, NodeKind>>;

function valuesIn({ type, data }: Envelope): readonly Value[] {
  if (!Object.hasOwn(VALUE_KINDS, type)) return [];
  if (type !== 'PersonalDataRectified' && type !== 'PersonalDataCompleted') return unique((data as { readonly items: readonly HeldItem[] }).items);
  const { holding, category } = data as HoldingData['PersonalDataCompleted'];
  return [{ holding, category }];
}

/** Several values of one holding are told by one event: in the graph it is one. */
function unique(items: readonly Value[]): readonly Value[] {
  return [...new Map(items.map(({ holding, category }) => [holding, { holding, category }])).values()];
}

function valuesTold(graph: Graph, placed: Placed, values: readonly Value[], last: Map<string, string>): void {
  const { event } = placed;
  const id = graph.node({ ...nodeOf(graph, placed, VALUE_KINDS[event.type as keyof typeof VALUE_KINDS]), categories: [...new Set(values.map(({ category }) => category))], holdings: values.map(({ holding }) => holding) });
  const origin = originIn(event);
  if (origin !== undefined) graph.edge({ from: graph.node({ id: origin, kind: 'origin' }), to: id, kind: 'gave' });
  for (const { holding, category } of values) {
    const before = last.get(holding);
    if (before !== undefined) graph.edge({ from: before, to: id, kind: event.type === 'PersonalDataRectified' ? 'superseded' : 'joined', holding, category });
    // What was recorded in error is shown, and carried nowhere.
    if (!graph.errors.has(id)) last.set(holding, id);
  }
}

function originIn({ type, data }: Envelope): string | undefined {
  const { context, technology, source } = data as { readonly context?: string; readonly technology?: string; readonly source?: string };
  switch (type) {
    case 'PersonalDataCollected':
      return `context:${context}`;
    case 'PersonalDataObserved':
      return `technology:${technology}`;
    case 'PersonalDataSourced':
      return `source:${source}`;
    default:
      // A correction comes from whoever told it: its system says so.
      return undefined;
  }
}

interface ToldAct {
  readonly kind: 'disclosure' | 'transfer' | 'use';
  readonly items: readonly ActItem[];
  readonly purpose: string;
  readonly recipient?: string;
  readonly country?: string;
  readonly authorisation?: string;
  readonly disclosure?: string;
}

/** What was told to have been done; an ask gave nobody anything. */
function actIn({ type, data }: Envelope): ToldAct | undefined {
  const act = actOf(type);
  return act === undefined || act[1] !== 'told' ? undefined : { ...(data as Readonly<Record<string, unknown>> & Omit<ToldAct, 'kind'>), kind: act[0] };
}

function actTold(graph: Graph, placed: Placed, { kind, purpose, recipient, country, authorisation, disclosure }: ToldAct, items: readonly ActItem[], last: ReadonlyMap<string, string>): void {
  const holdings = [...new Set(items.flatMap(({ holding }) => holding ?? []))];
  const id = graph.node({
    ...nodeOf(graph, placed, kind),
    categories: [...new Set(items.map(({ category }) => category))],
    holdings,
    purpose,
    ...(recipient !== undefined && { recipient }),
    ...(country !== undefined && { country }),
    ...(authorisation !== undefined && { authorisation }),
    ...(disclosure !== undefined && { disclosure }),
  });
  for (const holding of holdings) {
    const value = last.get(holding);
    const category = items.find((item) => item.holding === holding)?.category ?? '';
    if (value !== undefined) graph.edge({ from: value, to: id, kind: 'carried', holding, category });
  }
  if (recipient !== undefined) graph.edge({ from: id, to: graph.node({ id: `recipient:${recipient}`, kind: 'recipient', recipient }), kind: 'reached' });
  if (disclosure !== undefined) graph.disclosures.set(disclosure, id);
}

/** Recalls and confirmations of the disclosures that are in the graph. */
function afterwards(graph: Graph, placed: Placed): void {
  const { type, data } = placed.event;
  if (type !== 'DisclosureRecalled' && type !== 'DisclosureRecallConfirmed') return;
  const { disclosure, outcome } = data as DisclosureData['DisclosureRecalled'] & Partial<Pick<DisclosureData['DisclosureRecallConfirmed'], 'outcome'>>;
  const told = graph.disclosures.get(disclosure);
  if (told === undefined) return;
  const isRecall = type === 'DisclosureRecalled';
  const id = graph.node({ ...nodeOf(graph, placed, isRecall ? 'recall' : 'confirmation'), disclosure, ...(outcome !== undefined && { outcome }) });
  graph.edge({ from: told, to: id, kind: isRecall ? 'recalled' : 'confirmed' });
}

function nodeOf({ errors }: Graph, { event, position }: Placed, kind: NodeKind): LineageNode {
  const { id, type, occurredAt, recordedAt, controller, system, verdict, stream } = event;
  return { id, kind, event: id, type, position, occurredAt, recordedAt, subject: subjectOf(stream), ...(controller !== undefined && { controller }), system, ...(verdict !== undefined && { verdict }), ...(errors.has(id) && { annulled: true }) };
}

function errorsIn(events: readonly Placed[]): ReadonlySet<string> {
  return new Set(events.filter(({ event }) => event.type === 'RecordedInError').map(({ event }) => (event.data as MistakeData['RecordedInError']).event));
}

/** By when it may first have happened; what was told of the same moment, as it was told. */
function inTheOrderOfTheWorld(a: Placed, b: Placed): number {
  const [one, other] = [earliest(a), earliest(b)];
  return one === other ? (a.position < b.position ? -1 : 1) : one < other ? -1 : 1;
}

function earliest({ event }: Placed): string {
  return parseWhen(event.occurredAt)?.earliest ?? event.occurredAt;
}

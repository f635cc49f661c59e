/** The demo's own asks: sent as the systems would, and read again with every reason as an officer may. */
import type { PlacedReasons } from '#ledger/registers/reasoning.js';
import type { Shown } from '#ledger/gate/shown.js';
import { ask, expectOk, faultIn, type Server } from '../../apps/cli/src/server.js';
import { finalAsks, type FinalAsk } from './asks.js';
import { read } from './desk.js';
import type { Tokens } from './tokens.js';

export interface Asked extends FinalAsk {
  /** What the system that asked was told. */
  readonly told: Shown;
  readonly event: string;
}

interface Answered {
  readonly decision: Shown;
  readonly events: readonly { readonly id: string }[];
}

/** Asks each, and does what was allowed where the story goes on. The same again is answered the same. */
export async function askFinally(officer: Server, tokens: Tokens): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const [i, one] of finalAsks.entries()) {
    const system: Server = { url: officer.url, token: tokens[one.system] };
    const send = async (command: string, id: string, body: object): Promise<Answered> => {
      const reply = await ask(system, `/v1/commands/${command}`, { method: 'POST', headers: { 'idempotency-key': id }, body });
      const isBlocked = reply.status === 403 && (reply.body as { readonly decision?: object } | undefined)?.decision !== undefined;
      if (!isBlocked && reply.status >= 300) throw faultIn(reply, system);
      return (isBlocked ? reply.body : expectOk(reply, system)) as Answered;
    };
    const { decision, events } = await send(one.command, `final.${i}`, one.data);
    asked.push({ ...one, told: decision, event: events[0]?.id ?? '' });
    if (one.then !== undefined && decision.authorisation !== undefined) await send(one.then, `final.${i}.done`, { ...one.data, authorisation: decision.authorisation });
  }
  return asked;
}

export async function reasonsOf(officer: Server, { event }: Asked, position: string | null): Promise<PlacedReasons> {
  return read<PlacedReasons>(officer, `/v1/decisions/${event}${position === null ? '' : `?atLeast=${position}`}`);
}

/** The officers' desk, when all is told: facts without justification are dealt with, and what was told of the wrong person is said to be so. */
import type { DecisionLine } from '#ledger/registers/decision-register.view.js';
import type { DeviationLine } from '#ledger/registers/deviation-register.view.js';
import { ask, expectOk, type Server } from '../../apps/cli/src/server.js';
import { WRONG_ORDER_ON } from './main-acts.js';
import { MAIN_SUBJECT } from './main-character.js';

/** They name events, which no system knows before the ledger does. */
export const DESK_COMMANDS = ['DealWithDeviation', 'RecordInError', 'DealWithSecretDeviation'] as const;
type DeskCommand = (typeof DESK_COMMANDS)[number];

/** Of what authorities were told in secret. */
interface SecretLine {
  readonly event: string;
  readonly type: string;
  readonly authority: string;
  readonly verdict?: string;
}

const PURPOSE = { 'liggare-purpose': 'internal-audit' };
/** The views may be some seconds behind a long import; the server waits five of them itself. */
const PATIENCE = 24;

const NEVER_KEPT = ['corrected', 'uppgiften sparades aldrig; den som bokade har fått veta varför'] as const;
const OTHER = ['accepted-with-reason', 'äldre uppgift, rutinen är ändrad'] as const;
/** By the rule that failed. */
const measures: Readonly<Record<string, readonly [measure: string, note: string]>> = {
  'transfer-ground': ['recipient-instructed', 'utskicken stoppades tills nya klausuler var på plats'],
  'consent-withdrawn': ['recipient-instructed', 'adressen togs bort ur leverantörens lista'],
  'consent-given': ['recalled', 'mottagaren har bekräftat att listan är raderad'],
  'indirect-notice': ['person-informed', 'information om källan skickades'],
};

/** Deals with all that is open about the main character. The same again does nothing new. */
export async function workAtTheDesk(officer: Server, position: string | null): Promise<Readonly<Record<DeskCommand, number>>> {
  const seen = position === null ? '' : `&atLeast=${position}`;
  const done: Record<DeskCommand, number> = { DealWithDeviation: 0, RecordInError: 0, DealWithSecretDeviation: 0 };
  const tell = async (command: DeskCommand, event: string, data: object): Promise<void> => {
    expectOk(await ask(officer, `/v1/commands/${command}`, { method: 'POST', headers: { 'idempotency-key': `desk.${event}.${command}` }, body: { event, ...data } }), officer);
    done[command]++;
  };
  const { lines } = await read<{ readonly lines: readonly DeviationLine[] }>(officer, `/v1/deviations?subject=${MAIN_SUBJECT}&limit=200${seen}`);
  for (const { event, type, failed = [] } of lines) {
    const [measure, note] = type === 'PersonalDataCollected' ? NEVER_KEPT : (failed.map((rule) => measures[rule]).find((found) => found !== undefined) ?? OTHER);
    await tell('DealWithDeviation', event, { subject: MAIN_SUBJECT, measure, note });
  }
  const { lines: orders } = await read<{ readonly lines: readonly DecisionLine[] }>(officer, `/v1/decisions/recorded?subject=${MAIN_SUBJECT}&type=PersonalDataCollected&from=${WRONG_ORDER_ON}&to=${WRONG_ORDER_ON}${seen}`);
  for (const { event } of orders) await tell('RecordInError', event, { subject: MAIN_SUBJECT, code: 'wrong-person', note: 'ordern hörde till en annan kund' });
  const { lines: secret } = await read<{ readonly lines: readonly SecretLine[] }>(officer, `/v1/secret-disclosures?limit=200${seen}`);
  for (const { event, authority, verdict, type } of secret)
    if (type === 'SecretDisclosurePerformed' && verdict === 'unjustified') await tell('DealWithSecretDeviation', event, { authority, measure: 'accepted-with-reason', note: 'åklagarens beslut kom i efterhand' });
  return done;
}

/** What a register or a query answers, once the views have what was just told. */
export async function read<T>(officer: Server, path: string): Promise<T> {
  for (let patience = PATIENCE; ; patience--) {
    const reply = await ask(officer, path, { headers: PURPOSE });
    if (reply.status !== 503 || patience === 0) return expectOk(reply, officer) as T;
  }
}

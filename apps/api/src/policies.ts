/** The policy file at start: published when its version is not, and read back from the vault as the registers' model. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EventStore } from '#event-store/event-store.js';
import { localDay, isZone } from '#law/local-time.js';
import { formatInstant } from '#law/instant.js';
import { parseLocalDate } from '#law/local-date.js';
import type { LoadPolicy } from '#ledger/policy/policy-versions.js';
import { publishPolicy } from '#ledger/policy/publish-policy.js';
import { Refusal } from '#ledger/refusals.js';
import type { PolicyModel } from '#policy/model.js';
import { describeProblem, readPolicy, type PolicyReadingAids } from '#policy/read-policy.js';
import { storesFault } from '#nest/stores-fault.js';
import type { Vault } from '#vault/vault.js';

/** The policy cannot be published; the message says where the file is wrong. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
}

const aids: PolicyReadingAids = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  instantOf: (localDate, timeZone) => {
    const day = parseLocalDate(localDate);
    if (day === undefined || !isZone(timeZone)) throw new RangeError('no such day in that zone');
    return formatInstant(localDay(day, timeZone).startMs);
  },
};

/** Models that were read in this process, by the hash of their document. */
const read = new Map<string, PolicyModel>();

/** Publishes the file's version where it is not; a version that was published with other content is a `PolicyFault`. */
export async function publishPolicyFile(file: string, stores: { readonly log: EventStore; readonly vault: Vault }, now: string): Promise<readonly string[]> {
  const reading = readPolicy(textOf(file), aids);
  if ('problems' in reading) {
    const [first, ...others] = reading.problems.map(describeProblem);
    throw new PolicyFault(`the policy "${file}" has errors: ${first}${others.length > 0 ? ` (and ${others.length} more)` : ''}`);
  }
  const { policy: model, texts } = reading;
  read.set(model.documentHash, model);
  try {
    return await publishPolicy(stores.log, stores.vault, { model, texts: texts.map(({ text }) => text), document: model.documentHash }, now);
  } catch (error) {
    if (error instanceof Refusal) throw new PolicyFault(`the policy "${file}" differs from version ${model.version} as it was published (hint: a changed policy is a new version)`, { cause: error });
    throw error;
  }
}

export function policiesIn(vault: Pick<Vault, 'text'>): LoadPolicy {
  return async (document) => {
    const known = read.get(document);
    if (known !== undefined) return known;
    const text = await vault.text(document);
    if (text === undefined) throw new PolicyFault(`the policy document ${document} is not in the vault (hint: log and vault belong together)`);
    const reading = readPolicy(text, aids);
    if ('problems' in reading) throw new PolicyFault(`the policy document ${document} cannot be read by this program (hint: use the program that published it, or a newer one)`);
    read.set(document, reading.policy);
    return reading.policy;
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw storesFault(file, error);
  }
}

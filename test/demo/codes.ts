/** What the published policy calls things: the demo's systems send its codes, and the hashes of its texts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dayOf } from '#law/local-date.js';
import { localDay } from '#law/local-time.js';
import { readPolicy, type PolicyReading } from '#policy/read-policy.js';

export interface Codes {
  /** SHA-256 of a wording in a language. */
  wording(id: string, language: 'sv' | 'en'): string;
}

export function readCodes(file: string): Codes {
  const { wordings } = readPolicyFile(file).policy.policy;
  const hashes = new Map(wordings.flatMap(({ id, texts }) => Object.entries(texts).map(([language, text]) => [`${id} ${language}`, sha256Hex(text)])));
  return {
    wording(id, language) {
      const hash = hashes.get(`${id} ${language}`);
      if (hash === undefined) throw new Error(`the policy has no wording ${id} in ${language}`);
      return hash;
    },
  };
}

export function readPolicyFile(file: string): Extract<PolicyReading, { policy: unknown }> {
  const reading = readPolicy(readFileSync(file, 'utf8'), { sha256Hex, instantOf: (date, zone) => new Date(localDay(dayOf(date), zone).startMs).toISOString() });
  if ('problems' in reading) throw new Error(`the policy "${file}" has ${reading.problems.length} faults (hint: npm start names them)`);
  return reading;
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The fixed words of record and trail. Codes stay codes: their names are the policy's. */
export type Language = 'sv' | 'en';

const words = {
  registered: ['registrerad', 'registered'],
  died: ['avliden', 'died'],
  protection: ['skyddade personuppgifter', 'protected identity'],
  known: ['känt', 'known'],
  valid: ['gällande', 'valid'],
  mergedInto: ['sammanslagen med', 'merged into'],
  annulled: ['räknas inte', 'does not count'],
  rules: ['regler', 'rules'],
  position: ['position', 'position'],
  identifiers: ['Identifierare', 'Identifiers'],
  relationships: ['Relationer', 'Relationships'],
  companies: ['Företräder', 'Represents'],
  consents: ['Samtycken', 'Consents'],
  held: ['Uppgifter', 'What is held'],
  duties: ['Information enligt artikel 14', 'Notice under Article 14'],
  since: ['från', 'from'],
  none: ['inga', 'none'],
  erased: ['raderad', 'erased'],
  broken: ['kan inte öppnas', 'cannot be opened'],
  withoutValue: ['värdet sparas inte: rättslig grund saknas', 'not kept: there is no ground'],
  superseded: ['ersatt', 'superseded'],
  disputed: ['bestridd', 'disputed'],
  basis: ['grund', 'basis'],
  consent: ['samtycke', 'consent'],
  unreadable: ['Återkallelser som inte kunde läsas helt', 'Withdrawals that could not be read in full'],
  all: ['alla ändamål', 'all purposes'],
  by: ['genom', 'by'],
  notice: ['information', 'notice'],
  noNotice: ['ingen information gavs', 'no notice was served'],
  order: ['beställning', 'order'],
  case: ['ärende', 'case'],
  reason: ['skäl', 'reason'],
  profile: ['profil', 'profile'],
  source: ['källa', 'source'],
  due: ['senast', 'due'],
  rectified: ['rättad', 'rectified'],
  completed: ['kompletterad', 'completed'],
  empty: ['Inget hade hänt då.', 'Nothing had happened by then.'],
  trailOf: ['Behandlingshistorik', 'Audit trail'],
  policy: ['policy', 'policy'],
  acts: ['Utlämnanden, överföringar, användning och val', 'Disclosures, transfers, uses and choices'],
  reasoning: ['alla skäl', 'all reasons'],
  recipient: ['mottagare', 'recipient'],
  decision: ['Beslut', 'Decision'],
  applied: ['Prövade regler', 'Rules that were applied'],
  registersUsed: ['Register som användes', 'Registers that were used'],
  newest: ['men redan då fanns', 'but by then there was'],
  clause: ['punkt', 'clause'],
  until: ['till', 'until'],
  times: ['antal', 'times'],
} as const satisfies Record<string, readonly [sv: string, en: string]>;

export type Word = keyof typeof words;

export function word(name: Word, language: Language): string {
  return words[name][language === 'sv' ? 0 : 1];
}

const statuses: Readonly<Record<string, readonly [string, string]>> = {
  requested: ['efterfrågat', 'requested'],
  given: ['lämnat', 'given'],
  renewed: ['förnyat', 'renewed'],
  unproven: ['kan inte visas', 'unproven'],
  stale: ['inaktuellt', 'stale'],
  withdrawn: ['återkallat', 'withdrawn'],
  expired: ['utgånget', 'expired'],
  refused: ['nekat', 'refused'],
  open: ['återstår', 'open'],
  overdue: ['försenad', 'overdue'],
  served: ['lämnad', 'served'],
  'served-late': ['lämnad för sent', 'served late'],
  private: ['privat', 'private'],
  work: ['i arbetet', 'work'],
  shared: ['delad', 'shared'],
};

export function statusWord(status: string, language: Language): string {
  return statuses[status]?.[language === 'sv' ? 0 : 1] ?? status;
}

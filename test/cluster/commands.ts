/** Commands for several nodes at once: those of one, and such as only several can get wrong. */
import { CommandMaker, SYSTEM, type Random } from '../crash/commands.js';
import type { CommandAnswer, SentCommand } from '../crash/journal.js';

/** Officers merge, and speak for this system. */
export const OFFICE = 'console';

/** How long a register's change may be unknown to another node (`architecture.md` §2), and the way there. */
const KNOWN_AFTER_MS = 2_500;
/** People who are told of by their id: few, so that they are told of at the same time. */
const MOST_PEOPLE = 24;

interface Recipient {
  readonly id: string;
  /** The node that it was registered at. */
  readonly node: number;
  readonly knownAtMs: number;
}

export class ClusterCommands {
  readonly #random: Random;
  readonly #run: string;
  readonly #maker: CommandMaker;
  readonly #people: string[] = [];
  readonly #recipients: Recipient[] = [];
  #made = 0;

  constructor(random: Random, run: string) {
    this.#random = random;
    this.#run = run;
    this.#maker = new CommandMaker(random, run);
  }

  /** For an upstream's import: nothing that needs an officer or knows of nodes. */
  get single(): Pick<CommandMaker, 'next'> {
    return this.#maker;
  }

  /** `node`: where it goes first. */
  next(node: number): SentCommand {
    const dice = this.#random();
    const elsewhere = this.#recipients.filter((one) => one.node !== node);
    const recipient = elsewhere[Math.floor(this.#random() * elsewhere.length)];
    if (dice < 0.5 || this.#people.length < 4) return this.#maker.next();
    if (dice < 0.55) return this.#command('RegisterRecipient', { recipient: `recipient-${this.#run}-${this.#made}`, kind: 'newsletter-sending', name: `Name ${this.#made} AB`, country: 'SE' });
    // Nothing of these is sealed and no identifier is named: no row in the vault tells that they were told before.
    const subject = this.#somebody();
    if (dice < 0.7 && recipient !== undefined) return this.#command('ReportDisclosure', { subject, service: 'newsletter', purpose: 'newsletter', categories: ['email'], recipient: recipient.id });
    if (dice < 0.74) return this.#command('MergeSubjects', { subject, from: this.#somebody() }, OFFICE);
    const about = { subject, service: 'newsletter', purposes: ['newsletter'] };
    return dice < 0.86 ? this.#command('GiveConsent', { ...about, type: 'expressed' }) : this.#command('WithdrawConsent', about);
  }

  /** Gives what is wrong with the answer beside what was answered elsewhere. `sentAtMs`: by the clock of `knownAtMs`. */
  learn({ name, body }: SentCommand, { status, about, code }: CommandAnswer, node: number, sentAtMs: number): readonly string[] {
    if (status === 'recorded' && name === 'RegisterSubject') this.#people.push(...(about ?? []));
    if (this.#people.length > MOST_PEOPLE) this.#people.splice(0, this.#people.length - MOST_PEOPLE);
    if (status === 'recorded' && name === 'RegisterRecipient') this.#recipients.push({ id: String(body['recipient']), node, knownAtMs: performance.now() });
    if (code !== 'UnknownRecipient') return [];
    const known = this.#recipients.find(({ id }) => id === body['recipient']);
    const forMs = sentAtMs - (known?.knownAtMs ?? sentAtMs);
    return forMs < KNOWN_AFTER_MS ? [] : [`a recipient registered at node ${known?.node} was unknown at node ${node} ${Math.round(forMs)} ms later`];
  }

  #somebody(): string {
    return this.#people[Math.floor(this.#random() * this.#people.length)] ?? '';
  }

  #command(name: string, body: Readonly<Record<string, unknown>>, system = SYSTEM): SentCommand {
    return { id: `${this.#run}-c${this.#made++}`, name, system, body };
  }
}

/** What was planted: nothing of it may be read where no value is opened. */
export const PLANTED = /person-s\d+-\d+|Name \d+|Street \d+|order-\d+|all of it, please/;

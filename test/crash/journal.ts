/** What was sent and what was answered: the witness that the ledger is held to after every crash. */
export interface SentCommand {
  readonly id: string;
  readonly name: string;
  readonly system: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AnsweredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

export interface CommandAnswer {
  readonly status: 'recorded' | 'unchanged' | 'duplicate' | 'refused';
  readonly about?: readonly string[];
  readonly events?: readonly AnsweredEvent[];
  readonly code?: string;
}

export class Journal {
  readonly #sent = new Map<string, SentCommand>();
  readonly #answers = new Map<string, CommandAnswer>();
  /** What two answers to one command did not agree on. */
  readonly faults: string[] = [];

  send(command: SentCommand): void {
    this.#sent.set(command.id, command);
  }

  /** A repeat may say `duplicate` where the first said `recorded`; the events must be the same. */
  answer(id: string, answer: CommandAnswer): void {
    const before = this.#answers.get(id);
    if (before === undefined || !hasEvents(before)) {
      this.#answers.set(id, answer);
      return;
    }
    if (JSON.stringify(before.events) !== JSON.stringify(answer.events)) this.faults.push(`${id} (${this.#sent.get(id)?.name}): answered with other events than the first time: ${typesIn(before)}, then ${typesIn(answer)}`);
  }

  get unanswered(): readonly SentCommand[] {
    return [...this.#sent.values()].filter(({ id }) => !this.#answers.has(id));
  }

  get answered(): readonly { readonly command: SentCommand; readonly answer: CommandAnswer }[] {
    return [...this.#answers].map(([id, answer]) => ({ command: this.#sent.get(id) as SentCommand, answer }));
  }

  count(status: CommandAnswer['status']): number {
    return [...this.#answers.values()].filter((answer) => answer.status === status).length;
  }
}

function typesIn({ events }: CommandAnswer): string {
  return (events ?? []).map(({ type, stream, revision }) => `${type} at ${stream}@${revision}`).join(' ');
}

function hasEvents({ events }: CommandAnswer): boolean {
  return events !== undefined && events.length > 0;
}

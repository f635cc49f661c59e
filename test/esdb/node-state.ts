/** What every service of one server shares: its log, its place in the cluster, who may call, and the faults that are on. */
import { timingSafeEqual } from 'node:crypto';
import { status, type Metadata } from '@grpc/grpc-js';
import type { FaultState } from './faults.js';
import type { Store } from './store.js';
import { accessDenied, notLeader, refused, type Endpoint, type Refused } from './wire.js';

export type Role = 'leader' | 'follower' | 'read-only-replica';

export interface Member extends Endpoint {
  readonly id: string;
  readonly role: Role;
  readonly isAlive: boolean;
}

export class NodeState {
  /** All members, this one included. */
  members: readonly Member[] = [];
  /** Ends what the server has open, each with an error of its kind. */
  readonly subscriptions = new Set<{ drop(): void }>();

  constructor(
    readonly store: Store,
    readonly faults: FaultState,
    readonly id: string,
    readonly dropConnections: () => void,
    /** None: everybody may do everything, as with `--insecure`. */
    readonly users: ReadonlyMap<string, string>,
  ) {}

  get role(): Role {
    return this.members.find(({ id }) => id === this.id)?.role ?? 'leader';
  }

  /** Where writes belong, when that is not here. */
  redirect(): Refused | undefined {
    const elsewhere = this.faults.now.notLeader ?? this.members.find(({ role, id }) => role === 'leader' && id !== this.id && this.role !== 'leader');
    return elsewhere === undefined ? undefined : notLeader(elsewhere);
  }

  /** Reads are redirected only where the caller asks for the leader. */
  redirectRead(metadata: Metadata): Refused | undefined {
    return metadata.get('requires-leader')[0] === 'true' ? this.redirect() : undefined;
  }

  /** A wrong password ends the call before any service sees it. */
  wrongPassword(metadata: Metadata): Refused | undefined {
    const given = metadata.get('authorization')[0];
    if (this.users.size === 0 || given === undefined) return undefined;
    const [user = '', ...password] = Buffer.from(String(given).replace(/^Basic /i, ''), 'base64').toString('utf8').split(':');
    const known = this.users.get(user);
    const isRight = known !== undefined && equal(known, password.join(':'));
    return isRight ? undefined : refused(status.UNAUTHENTICATED, 'Unauthenticated');
  }

  /** An anonymous caller where users are known. */
  anonymous(metadata: Metadata): Refused | undefined {
    return this.users.size > 0 && metadata.get('authorization').length === 0 ? accessDenied() : undefined;
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

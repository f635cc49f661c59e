/** What a test and its server say to each other over the IPC channel. */
import type { Faults } from './faults.js';
import type { Member } from './node-state.js';
import type { EsdbServer } from './server.js';

export type Order =
  | { readonly kind: 'faults'; readonly faults: Faults; readonly number: number }
  | { readonly kind: 'members'; readonly members: readonly Member[]; readonly number: number }
  | { readonly kind: 'drop-subscriptions'; readonly number: number };

export type Said = { readonly kind: 'ready'; readonly port: number; readonly id: string } | { readonly kind: 'done'; readonly number: number };

export async function answer(server: EsdbServer, order: Order): Promise<void> {
  switch (order.kind) {
    case 'faults':
      await server.setFaults(order.faults);
      break;
    case 'members':
      await server.setMembers(order.members);
      break;
    case 'drop-subscriptions':
      server.dropSubscriptions();
      break;
    default: {
      const never: never = order;
      return never;
    }
  }
  process.send?.({ kind: 'done', number: order.number });
}

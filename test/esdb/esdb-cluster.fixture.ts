/** Several servers that are one cluster: one leads and writes the log, the others read on; all tell the same in gossip. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEsdb, type Esdb, type EsdbOptions } from './esdb-server.fixture.js';
import type { Member, Role } from './node-state.js';

export interface EsdbClusterOptions extends Pick<EsdbOptions, 'tls' | 'users' | 'fsync'> {
  /** What the members begin as; exactly one leader, three members unless said. */
  readonly roles?: readonly Role[];
}

export class EsdbCluster {
  readonly #dead = new Set<Esdb>();
  #leader: Esdb;

  private constructor(
    readonly directory: string,
    readonly nodes: readonly Esdb[],
    readonly roles: readonly Role[],
  ) {
    this.#leader = nodes[roles.indexOf('leader')] as Esdb;
  }

  static async start({ roles = ['leader', 'follower', 'follower'], ...options }: EsdbClusterOptions): Promise<EsdbCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'esdb-cluster-'));
    const nodes: Esdb[] = [];
    for (const role of roles) nodes.push(await startEsdb({ ...options, directory, follow: role !== 'leader' }));
    const cluster = new EsdbCluster(directory, nodes, roles);
    await cluster.#gossip(nodes);
    return cluster;
  }

  /** Every member by name; a client asks them for the one it prefers. */
  get url(): string {
    return `esdb://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=${this.#leader.options.tls !== undefined}`;
  }

  /** One name that knows the others. */
  get discoverUrl(): string {
    return `esdb+discover://127.0.0.1:${this.nodes[0]?.port}?tls=${this.#leader.options.tls !== undefined}`;
  }

  get leader(): Esdb {
    return this.#leader;
  }

  get followers(): readonly Esdb[] {
    return this.nodes.filter((node) => node !== this.#leader);
  }

  /** Another member leads from here on; the old leader, if it lives, has written all it took before the new one begins. */
  async elect(node: Esdb): Promise<void> {
    const old = this.#leader;
    this.#leader = node;
    await this.#gossip([old, node, ...this.nodes.filter((one) => one !== old && one !== node)]);
  }

  /** Kills a member; the others say that it is not alive. A dead leader leads until another is elected. */
  async kill(node: Esdb): Promise<void> {
    await node.kill();
    this.#dead.add(node);
    await this.#gossip(this.nodes);
  }

  async restart(node: Esdb): Promise<void> {
    await node.restart({ follow: node !== this.#leader });
    this.#dead.delete(node);
    await this.#gossip(this.nodes);
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) await node.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #gossip(inOrder: readonly Esdb[]): Promise<void> {
    const members = this.nodes.map((node, i): Member => ({ id: node.id, host: '127.0.0.1', port: node.port, role: this.#roleOf(node, i), isAlive: !this.#dead.has(node) }));
    for (const node of inOrder) if (!this.#dead.has(node)) await node.order({ kind: 'members', members });
  }

  #roleOf(node: Esdb, i: number): Role {
    if (node === this.#leader) return 'leader';
    return this.roles[i] === 'read-only-replica' ? 'read-only-replica' : 'follower';
  }
}

export const startEsdbCluster = (options: EsdbClusterOptions = {}): Promise<EsdbCluster> => EsdbCluster.start(options);

/** A whole ledger on servers, each part a process of its own: log, database, API nodes, projectors. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type TestPostgres } from '#postgres/postgres.fixture.js';
import { freePort, ServerProcess, type Start } from '../crash/server.js';
import { startEsdb, type Esdb, type EsdbOptions } from '../esdb/esdb-server.fixture.js';

export interface ClusterSize {
  readonly apis: number;
  readonly projectors: number;
  /** Log and database wait for the disk, for those who measure. */
  readonly durable?: boolean;
  /** Further settings of every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The log's server, and how the nodes find it. */
  readonly log?: { readonly options?: EsdbOptions; readonly url?: (esdb: Esdb) => string };
}

export class Cluster {
  /** The first one's officer is everybody's. */
  readonly apis: ServerProcess[] = [];
  readonly projectors: ServerProcess[] = [];

  private constructor(
    readonly directory: string,
    readonly esdb: Esdb,
    readonly postgres: TestPostgres,
    /** How every process, and the command line, finds log, vault, views and keys. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Resolves when every node is ready; where there is no PostgreSQL, with why not. */
  static async start({ apis, projectors, durable = false, env = {}, log = {} }: ClusterSize): Promise<Cluster | { readonly notRun: string }> {
    const postgres = await startPostgres({ durable });
    if ('notRun' in postgres) return postgres;
    const esdb = await startEsdb({ ...log.options, ...(durable && { fsync: true }) }).catch(async (error: unknown) => {
      await postgres.stop();
      throw error;
    });
    const directory = mkdtempSync(join(tmpdir(), 'liggare-cluster-'));
    const database = await postgres.newDatabase();
    const cluster = new Cluster(directory, esdb, postgres, {
      LIGGARE_LOG: log.url?.(esdb) ?? esdb.url,
      LIGGARE_VAULT: database,
      LIGGARE_VIEWS: database,
      LIGGARE_MASTER_KEY: join(directory, 'keys'),
      ...env,
    });
    try {
      for (let n = 0; n < apis; n++) cluster.apis.push(await cluster.#ready('api', n));
      for (let n = 0; n < projectors; n++) cluster.projectors.push(await cluster.#ready('projector', n));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Starts a process again where one was, on the same port. */
  async restart(one: ServerProcess): Promise<ServerProcess> {
    const list = this.apis.includes(one) ? this.apis : this.projectors;
    const again = await ServerProcess.ready(one.start);
    if (again.officer === '') again.knows(one.officer);
    list[list.indexOf(one)] = again;
    return again;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apis, ...this.projectors].map((one) => one.kill()));
    await this.esdb.stop();
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #ready(app: 'api' | 'projector', n: number): Promise<ServerProcess> {
    const data = join(this.directory, `${app}-${n}`);
    mkdirSync(data, { recursive: true });
    const start: Start = { data, port: await freePort(), app, env: this.env };
    const node = await ServerProcess.ready(start);
    const [first] = this.apis;
    if (app === 'api' && first !== undefined) node.knows(first.officer);
    return node;
  }
}

/** Who may import whom: the table of `architecture.md` §5 as lists of what is allowed, so that a new dependency has to be asked for here. */
import { posix } from 'node:path';
import ts from 'typescript';
import { isForTests, isNestPart, lineOf, walk, type Source } from './sources.js';

/** `url`: a worker or child that is named by `new URL('./x.js', import.meta.url)`. */
export type ImportKind = 'value' | 'type' | 'dynamic' | 'url';

export interface Import {
  readonly kind: ImportKind;
  readonly specifier: string;
  /** The source file it leads to, or the package or Node module by name. */
  readonly to: string;
  readonly at: string;
}

interface Row {
  readonly room: string;
  readonly from: (path: string) => boolean;
  /** What may be imported besides the room's own files. */
  readonly may: readonly RegExp[];
  /** What may be imported as a type only. */
  readonly mayType?: readonly RegExp[];
}

const PORTS = [/^libs\/event-store\/src\/(event-store|writer-participant)\.ts$/, /^libs\/vault\/src\/(vault|unusable)\.ts$/, /^libs\/projection\/src\/(view|rows)\.ts$/];
/** A driver stands in an adapter's folder, which bears its name. */
const ADAPTER = /\/src\/(sqlite|esdb|postgres)(\/|-)|\.worker\.ts$/;
const inRoom = (room: string) => (path: string) => path.startsWith(`libs/${room}/`);
const portOf = (room: string): RegExp => new RegExp(String.raw`^libs/${room}/src/`);

/** The first row that fits a file is its row. */
const table: readonly Row[] = [
  { room: 'audit', from: inRoom('audit'), may: [] },
  { room: 'law', from: inRoom('law'), may: [] },
  { room: 'policy', from: inRoom('policy'), may: [portOf('law'), /^yaml$/] },
  // The writer loads its participant by the name that it is given.
  { room: 'event-store adapter', from: (path) => inRoom('event-store')(path) && ADAPTER.test(path), may: [/^node:/, /^computed$/, /^@eventstore\/db-client(\/generated\/(streams|shared)(_grpc)?_pb\.js)?$/] },
  { room: 'postgres', from: inRoom('postgres'), may: [/^node:/, /^pg$/, /^kysely(\/|$)/] },
  { room: 'event-store', from: inRoom('event-store'), may: [/^node:(timers\/promises|events)$/] },
  { room: 'vault adapter', from: (path) => inRoom('vault')(path) && ADAPTER.test(path), may: [/^node:/, /^kysely(\/|$)/, portOf('postgres'), PORTS[0] as RegExp] },
  // Its key files are an adapter too: the one file of the room that reads and writes outside a database.
  { room: 'vault keys', from: (path) => path === 'libs/vault/src/key-file.ts', may: [/^node:(fs|path|crypto)$/] },
  { room: 'vault', from: inRoom('vault'), may: [/^node:(crypto|url)$/, /^libphonenumber-js(\/|$)/, PORTS[0] as RegExp] },
  { room: 'projection adapter', from: (path) => inRoom('projection')(path) && ADAPTER.test(path), may: [/^node:/, /^kysely(\/|$)/, portOf('postgres'), PORTS[0] as RegExp] },
  { room: 'projection', from: inRoom('projection'), may: [/^node:(timers\/promises|worker_threads)$/, PORTS[0] as RegExp] },
  {
    room: 'ledger edge',
    from: isNestPart,
    may: [/^@nestjs\//, /^rxjs(\/|$)/, /^class-(validator|transformer)$/, /^reflect-metadata$/, portOf('nest'), ...PORTS, portOf('law'), portOf('policy'), portOf('audit')],
    // What a route is given is Node's or the server's own; none of it is called but through Nest.
    mayType: [/^fastify$/, /^node:http$/],
  },
  // The metadata of decorated commands is kept by reflect-metadata.
  { room: 'ledger', from: inRoom('ledger'), may: [/^class-(validator|transformer)$/, /^reflect-metadata$/, ...PORTS, portOf('law'), portOf('policy'), portOf('audit')] },
  { room: 'nest', from: inRoom('nest'), may: [/^(?!libs\/ledger\/|apps\/|test\/)/] },
  { room: 'apps/api', from: (path) => path.startsWith('apps/api/'), may: [/^(?!apps\/|test\/|node:sqlite$|yaml$|libphonenumber-js|pg$|kysely|@eventstore\/)/] },
  { room: 'apps/projector', from: (path) => path.startsWith('apps/projector/'), may: [/^(?!apps\/|test\/|node:sqlite$|yaml$|libphonenumber-js|pg$|kysely|@eventstore\/)/] },
  { room: 'apps/cli', from: (path) => path.startsWith('apps/cli/'), may: [/^(?!apps\/|test\/|node:sqlite$|yaml$|libphonenumber-js|pg$|kysely|@eventstore\/|@nestjs\/)/] },
];

/** Everything that the table, the resolver and the reach of the command line find wrong. */
export function importFaults(sources: readonly Source[]): readonly string[] {
  const paths = new Set(sources.map(({ path }) => path));
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const faults: string[] = [];
  for (const [from, all] of imports) {
    for (const one of all) {
      // A test may name a worker that is not there, to see what happens.
      const mayBeMissing = one.kind === 'url' && isForTests(from);
      if (/^(apps|libs|test)\//.test(one.to) && one.to.endsWith('.ts') && !paths.has(one.to) && !mayBeMissing) faults.push(`${one.at} imports ${one.specifier}, which is no source file`);
      else if (!isAllowed(from, one)) faults.push(`${one.at} may not import ${one.specifier}`);
    }
  }
  return [...faults, ...nestInCli(imports)];
}

function isAllowed(from: string, { kind, to }: Import): boolean {
  if (isForTests(from)) return !from.startsWith('libs/') || !/^@nestjs\/|^apps\//.test(to) || from.startsWith('libs/nest/') || from.startsWith('libs/ledger/');
  // A route shows the examples that the tests use.
  if (isForTests(to)) return isNestPart(from) && to.startsWith('libs/ledger/') && to.endsWith('.examples.ts');
  // `serve` starts the server in its own process; nothing else of the command line may lead there.
  if (from.startsWith('apps/cli/') && kind === 'dynamic' && to.startsWith('apps/api/')) return true;
  const row = table.find((each) => each.from(from));
  if (row === undefined) return false;
  const room = /^(libs|apps)\/[^/]+\//.exec(from)?.[0] ?? '';
  // Within the ledger, pure files may not go round by an edge.
  if (to.startsWith(room)) return !(isNestPart(to) && !isNestPart(from));
  return row.may.some((pattern) => pattern.test(to)) || (kind === 'type' && (row.mayType ?? []).some((pattern) => pattern.test(to)));
}

/** The command line starts without Nest: no chain of imports leads there, but the dynamic one of `serve`. */
function nestInCli(imports: ReadonlyMap<string, readonly Import[]>): readonly string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string, chain: readonly string[]): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { kind, to } of imports.get(path) ?? []) {
      if (kind === 'type' || (kind === 'dynamic' && to.startsWith('apps/api/'))) continue;
      if (to.startsWith('@nestjs/')) faults.push(`the command line reaches ${to} by ${[...chain, path].join(' → ')}`);
      else visit(to, [...chain, path]);
    }
  };
  for (const path of imports.keys()) if (path.startsWith('apps/cli/') && !isForTests(path)) visit(path, []);
  return faults;
}

/** Every source that `from` leads to, itself included. */
export function reachedFrom(sources: readonly Source[], from: string): ReadonlySet<string> {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const reached = new Set([from]);
  for (const path of reached) for (const { kind, to } of imports.get(path) ?? []) if (kind !== 'type') reached.add(to);
  return reached;
}

export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  const add = (kind: ImportKind, specifier: ts.Node, node: ts.Node): void => {
    if (!ts.isStringLiteralLike(specifier)) found.push({ kind, specifier: specifier.getText(source.tree), to: 'computed', at: lineOf(source, node) });
    else if (kind !== 'url' || specifier.text.endsWith('.js')) found.push({ kind, specifier: specifier.text, to: resolve(source.path, specifier.text), at: lineOf(source, node) });
  };
  walk(source.tree, (node) => {
    if (ts.isImportDeclaration(node)) add(isTypeOnly(node) ? 'type' : 'value', node.moduleSpecifier, node);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.isTypeOnly ? 'type' : 'value', node.moduleSpecifier, node);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add('type', node.argument.literal, node);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText(source.tree) === 'require') && node.arguments[0] !== undefined)
      add('dynamic', node.arguments[0], node);
    else if (ts.isNewExpression(node) && node.expression.getText(source.tree) === 'URL' && node.arguments?.[1]?.getText(source.tree) === 'import.meta.url' && node.arguments[0] !== undefined && ts.isStringLiteralLike(node.arguments[0]))
      add('url', node.arguments[0], node);
  });
  return found;
}

function isTypeOnly({ importClause: clause }: ts.ImportDeclaration): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** `#room/x.js` and relative specifiers to their source; the rest by name. */
function resolve(from: string, specifier: string): string {
  const room = /^#([a-z-]+)\/(.+)\.js$/.exec(specifier);
  if (room !== null) return `libs/${room[1]}/src/${room[2]}.ts`;
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
  return specifier;
}

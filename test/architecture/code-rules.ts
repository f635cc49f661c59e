/** What no source may say, and what a pure file may not say besides (`architecture.md` §5, style 3, 4, 11 and 21). */
import ts from 'typescript';
import { isPure, lineOf, walk, type Source } from './sources.js';

/** Calls that read the clock, chance or the environment; in a pure file all of these come as arguments. */
const IMPURE = new Set(['Date.now', 'Math.random', 'randomUUID', 'crypto.randomUUID', 'crypto.getRandomValues', 'randomBytes', 'process.env', 'process.hrtime', 'performance.now', 'Temporal.Now']);

export function codeFaults(source: Source): readonly string[] {
  const faults: string[] = [];
  const fault = (node: ts.Node, what: string): void => void faults.push(`${lineOf(source, node)} ${what}`);
  walk(source.tree, (node) => {
    const says = ruleBroken(node, source);
    if (says !== undefined) fault(node, says);
    if (isPure(source.path)) {
      const reads = impurity(node);
      if (reads !== undefined) fault(node, `reads ${reads} in a pure file`);
    }
  });
  return [...faults, ...textFaults(source)];
}

function ruleBroken(node: ts.Node, { tree, path }: Source): string | undefined {
  if (ts.isExportAssignment(node)) return 'has a default export';
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return 'has a default export';
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && path.startsWith('libs/ledger/')) return 'hands on what another file exports: a barrel';
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'says any';
  if (ts.isAsExpression(node) && ts.isAsExpression(node.expression) && node.expression.type.kind === ts.SyntaxKind.UnknownKeyword) return 'casts through unknown';
  // What cannot be had here is told as not run, and counts as left out.
  if (ts.isCallExpression(node) && !/^it\.todo\(['`]not run: /.test(node.getText(tree)) && /^(it|test|describe)\.(skip|only|todo)(\.|$)|^(xit|xtest|xdescribe|fit|fdescribe)$/.test(node.expression.getText(tree))) return 'leaves tests out';
  return undefined;
}

/** What a node reads of the world. `new Date(x)` reads nothing, so only the bare one is named (law T10 works on given instants). */
function impurity(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isPropertyAccessExpression(node) || (ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent))) {
    const said = node.getText().replace(/^globalThis\./, '');
    if (IMPURE.has(said)) return said;
  }
  // `Intl.DateTimeFormat()` without a zone means the machine's own.
  if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Intl.DateTimeFormat' && !/timeZone/.test(node.arguments?.[1]?.getText() ?? ''))
    return "the machine's time zone";
  return undefined;
}

/** Words are put together here, so that this file does not break its own rule. */
const UNFINISHED = new RegExp(String.raw`\b(${['TO', 'FIX'].map((begin) => begin + (begin === 'TO' ? 'DO' : 'ME')).join('|')})\b(?!.{0,4}#\d)`);
const MACHINE = new RegExp(String.raw`(?<![\w.])/(${['work', 'home', 'root', 'Users', 'tmp/wt'].join('|')})/`);

function textFaults({ path, text }: Source): readonly string[] {
  const faults: string[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (UNFINISHED.test(line)) faults.push(`${path}:${i + 1} leaves work undone without an issue's number`);
    if (MACHINE.test(line)) faults.push(`${path}:${i + 1} names a path of somebody's machine`);
  }
  return faults;
}

/** Every command is in the catalogue once and has exactly one handler on the bus. */
import ts from 'typescript';
import { walk, type Source } from './sources.js';

/** Names of the exported classes in `*.command.ts` and `*.commands.ts` that descend from `Command`, abstract ones aside. */
export function commandClasses(sources: readonly Source[]): readonly string[] {
  const parents = new Map<string, { readonly parent: string; readonly isCommand: boolean }>();
  for (const source of sources.filter(({ path }) => path.startsWith('libs/ledger/')))
    walk(source.tree, (node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return;
      const parent = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText(source.tree) ?? '';
      const has = (kind: ts.SyntaxKind): boolean => node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
      const isCommand = /\.commands?\.ts$/.test(source.path) && has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.AbstractKeyword);
      parents.set(node.name.text, { parent, isCommand });
    });
  const descends = (name: string): boolean => name === 'Command' || (parents.has(name) && descends(parents.get(name)?.parent ?? ''));
  return [...parents].filter(([name, { isCommand }]) => isCommand && descends(name)).map(([name]) => name);
}

/** `where` says what they were counted in. */
export function onceEachFaults(commands: readonly string[], counted: readonly string[], where: string): readonly string[] {
  const faults: string[] = [];
  for (const command of new Set([...commands, ...counted])) {
    const count = counted.filter((name) => name === command).length;
    if (!commands.includes(command)) faults.push(`${command} is ${where}, but no file declares such a command`);
    else if (count !== 1) faults.push(`${command} is ${count} times ${where}`);
  }
  return faults;
}

/** Where `@CommandHandler` keeps the command's class; @nestjs/cqrs does not export it, the planted handlers would tell if it moved. */
const COMMAND_HANDLER_METADATA = '__commandHandler__';

/** Names of the commands that the providers of these modules handle, once for each handler. Nest's bus would keep the last without a word. */
export function handledCommands(modules: readonly object[]): readonly string[] {
  return modules.flatMap((module) => {
    const providers = (Reflect.getMetadata('providers', module) ?? []) as readonly object[];
    return providers.flatMap((provider) => {
      const handled = Reflect.getMetadata(COMMAND_HANDLER_METADATA, provider) as { readonly name: string } | undefined;
      return handled === undefined ? [] : [handled.name];
    });
  });
}

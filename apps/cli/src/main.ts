/** `liggare`: the command line. Each verb is loaded when it is run, so that none pays for another. */
import { Command, CommanderError, Option } from 'commander';
import { CliFault, EXIT, EXIT_CODES_HELP, type ExitCode } from './fault.js';

/** As libs/ledger has them; said here so that help needs not load it. */
const PURPOSES = ['rights-request', 'customer-case', 'accuracy-check', 'deviation', 'internal-audit', 'supervision', 'incident', 'operations'] as const;
const KINDS = ['email', 'phone', 'personnummer', 'customer-number', 'device-id', 'name'] as const;

let exitCode: ExitCode = EXIT.done;

/** Runs a verb and keeps its exit code. */
function run<A extends readonly unknown[]>(verb: (...args: A) => Promise<ExitCode>): (...args: A) => Promise<void> {
  return async (...args) => {
    exitCode = await verb(...args);
  };
}

const { env } = process;

const program = new Command('liggare')
  .description('An event-sourced privacy ledger: what happened to whose personal data, why, and with what proof.')
  .exitOverride()
  .addHelpText('after', `${EXIT_CODES_HELP}

Environment:
  LIGGARE_URL    address of the server (http://127.0.0.1:8420)
  LIGGARE_TOKEN  bearer token; else --token-file, else $LIGGARE_DATA/token
  LIGGARE_DATA   directory of the ledger (./data), for fsck and rebuild without a server`);

program
  .command('serve')
  .description('start the server on LIGGARE_DATA; npm start does the same')
  .action(run(async () => (await import('./serve.js')).serve(env)));

withServer(program.command('import'))
  .description('send a file of commands, one CloudEvent a line, to a running server')
  .argument('<file>', 'NDJSON in UTF-8, or - for stdin')
  .option('--answers <file>', 'write the answer to each line there')
  .option('--json', 'the summary as JSON')
  .addHelpText('after', `
The same file may be sent again at any time: what was recorded is answered as a duplicate.
Exit codes: 0 all lines answered, none refused and no ask blocked, 3 some refused, 5 none refused and some asks blocked (recorded as such), 1 failed, 130 stopped.`)
  .action(run(async (file, options) => (await import('./import.js')).importFile(file, options, env)));

withReading(program.command('record'))
  .description("show a person's record: what is held, from where, why, and whether it may be used")
  .action(run(async (subject, options) => (await import('./read-person.js')).printRecord(subject, options, env)));

withReading(program.command('trail'))
  .description("show a person's audit trail in plain sentences")
  .action(run(async (subject, options) => (await import('./read-person.js')).printTrail(subject, options, env)));

withServer(program.command('decision'))
  .description('show one decision with its whole reasoning: every rule that was applied, and what it rests on')
  .argument('<event>', "the id of the decision's event, as the record shows it")
  .addOption(new Option('--purpose <purpose>', 'what it is read for').choices(PURPOSES).makeOptionMandatory())
  .addOption(new Option('--lang <language>', 'sv or en; else by LANG').choices(['sv', 'en']))
  .option('--json', 'as JSON')
  .action(run(async (event, options) => (await import('./decision.js')).printDecision(event, options, env)));

const token = program.command('token').description('who may talk to a running server');
withServer(token.command('create'))
  .description('make a token and print it, once')
  .requiredOption('--name <name>', 'whose it is')
  .addOption(new Option('--role <role>', 'what it may do').choices(['upstream', 'officer', 'auditor']).makeOptionMandatory())
  .option('--system <id>', 'the registered system that it speaks for; upstreams have one')
  .option('--expires <period>', 'such as P90D; without, never')
  .option('--json', 'token and id as JSON')
  .action(run(async (options) => (await import('./token.js')).createToken(options, env)));
withServer(token.command('list'))
  .description('list tokens; the tokens themselves are not kept')
  .option('--json', 'as JSON')
  .action(run(async (options) => (await import('./token.js')).listTokens(options, env)));
withServer(token.command('revoke'))
  .description('end a token now')
  .argument('<id>', 'its id, from the list')
  .action(run(async (id, options) => (await import('./token.js')).revokeToken(id, options, env)));

withServer(program.command('rebuild'))
  .description('make the views anew from the log: by the running server, or on the files when none runs')
  .option('--json', 'as JSON')
  .action(run(async (options) => (await import('./rebuild.js')).rebuildViews(await configuration(), options, env)));

program
  .command('migrate')
  .description('move a ledger in files to servers: events keep ids, order, revisions and leaves; may be stopped and run again')
  .requiredOption('--from <engine>', 'sqlite:, the ledger in LIGGARE_DATA, which nobody may be serving meanwhile')
  .option('--to <url>', 'esdb://… or esdb+discover://…; without, LIGGARE_LOG or LIGGARE_LOG_FILE')
  .option('--vault <url>', 'postgres://…; without, LIGGARE_VAULT or LIGGARE_VAULT_FILE')
  .option('--json', 'what was moved as JSON')
  .addHelpText('after', `
Both must be empty, or hold what an earlier run copied. Afterwards every event and every row of the vault is compared; only then may
nodes be started there, with the same keys (LIGGARE_MASTER_KEY). Views are made there from the log. The files are left as they are.`)
  .action(run(async (options) => (await import('./migrate.js')).migrate(options, env)));

program
  .command('fsck')
  .description('check log, vault and, with --views, views in LIGGARE_DATA; changes nothing, and a server may run meanwhile')
  .option('--views', 'rebuild the views in a temporary file and compare')
  .option('--json', 'as JSON')
  .addHelpText('after', '\nExit codes: 0 clean, 4 faults found, 1 the check itself failed.')
  .action(run(async (options) => (await import('./fsck/fsck.js')).fsck((await configuration())(), options)));

program
  .command('rotate')
  .description('a new master key, while no server runs; older copies of the vault are then read by nobody who has not the old key')
  .option('--json', 'as JSON')
  .action(run(async (options) => (await import('./rotate.js')).rotateKeys((await configuration())(), options)));

async function configuration() {
  const { readConfiguration } = await import('#nest/configuration.js');
  return () => readConfiguration(env);
}

function withServer(command: Command): Command {
  return command.option('--url <url>', 'address of the server').option('--token-file <file>', 'file that holds the token');
}

function withReading(command: Command): Command {
  return withServer(command)
    .argument('[id]', "the person's id; without, --by")
    .addOption(new Option('--by <kind>', 'find the person by an identifier, read from stdin').choices(KINDS))
    .addOption(new Option('--purpose <purpose>', 'what it is opened for; recorded').choices(PURPOSES).makeOptionMandatory())
    .option('--case <number>', 'the case it is opened for; recorded, sealed')
    .option('--known <time>', 'as it was known then: an instant or a date')
    .option('--valid <time>', 'as it was in the world then: an instant or a date')
    .addOption(new Option('--lang <language>', 'sv or en; else by LANG').choices(['sv', 'en']))
    .option('--json', 'as JSON');
}

/** A reader that has seen enough (`| head`) is no fault. */
process.stdout.on('error', (error: Error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

/** Faults that are a sentence by themselves: the stores', the configuration's. A server that is away is no fault of this program. */
const SENTENCES = new Set(['CliFault', 'ConfigurationFault', 'StoresFault', 'StoreUnusable', 'VaultUnusable', 'KeysUnusable', 'ViewsUnusable', 'PolicyFault', 'StartFault', 'StoreUnavailable', 'VaultUnavailable', 'ViewsUnavailable', 'DatabaseUnavailable']);

try {
  await program.parseAsync();
  process.exitCode = exitCode;
} catch (error) {
  process.exitCode = sayWhy(error);
}

function sayWhy(error: unknown): ExitCode {
  // Commander has said it already; its own errors are of usage, help and version are none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Error && SENTENCES.has(error.name)) {
    process.stderr.write(`liggare: ${error.message}\n`);
    if (error instanceof CliFault) return error.exitCode;
    return error.name === 'ConfigurationFault' ? EXIT.usage : EXIT.failed;
  }
  process.stderr.write(`liggare: something is wrong in this program (${error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : 'no error'}); LIGGARE_DEBUG=1 shows where\n`);
  if (env['LIGGARE_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.failed;
}

import type { Command } from './command.ts'

/** Every command: its words, what it takes, what it does, and where it is. Loaded only when called. */
export const commands: readonly Command[] = [
  { words: 'start', usage: 'start', does: 'Start the hub from the environment.', load: async () => (await import('../main.ts')).start },
  { words: 'migrate', usage: 'migrate', does: 'Bring the database to this version.', load: async () => (await import('./migrate.ts')).run },
  { words: 'seed', usage: 'seed', does: 'Fill a new database with the demo centre.', load: async () => (await import('./seed.ts')).run },
  {
    words: 'admin create',
    usage: 'admin create --email E [--name N]',
    does: 'Make an administrator and print the link with which they set a password.',
    load: async () => (await import('./admin-create.ts')).run,
  },
  {
    words: 'token create',
    usage: 'token create --agent E --name N [--permissions a,b]',
    does: 'Make an API token for an agent and print it once.',
    load: async () => (await import('./token-create.ts')).run,
  },
  {
    words: 'inbox list',
    usage: 'inbox list',
    does: 'List the inboxes with their health and webhook addresses.',
    load: async () => (await import('./inbox-list.ts')).run,
  },
  {
    words: 'inbox add',
    usage: 'inbox add --channel C --name N [--queue Q] [--config FILE|-] [--set key=value]…',
    does: 'Connect an account of a channel; settings come from a JSON file, standard input or --set.',
    load: async () => (await import('./inbox-add.ts')).run,
  },
  {
    words: 'inbox test',
    usage: 'inbox test ID',
    does: 'Look at an inbox’s connection step by step and say what to do.',
    load: async () => (await import('./inbox-test.ts')).run,
  },
  {
    words: 'routing replay',
    usage: 'routing replay --from INSTANT --to INSTANT [--configuration FILE] [--json]',
    does: 'Live a recorded stretch through again, with the configuration in force and with another',
    load: async () => (await import('./routing-replay.ts')).run,
  },
  {
    words: 'deliveries replay',
    usage: 'deliveries replay ID | --quarantined',
    does: 'Process quarantined payloads again, one or all.',
    load: async () => (await import('./deliveries-replay.ts')).run,
  },
  {
    words: 'backup',
    usage: 'backup FILE',
    does: 'Copy a SQLite database and its attachments while the hub runs.',
    load: async () => (await import('./backup.ts')).run,
  },
  {
    words: 'restore',
    usage: 'restore FILE [--verify]',
    does: 'Put a backup into an empty DATA_DIR, or only try whether it can be.',
    load: async () => (await import('./restore.ts')).run,
  },
  {
    words: 'doctor',
    usage: 'doctor',
    does: 'Say how everything is that the hub stands on, and what to do.',
    load: async () => (await import('./doctor.ts')).run,
  },
  {
    words: 'export',
    usage: 'export --what messages [--format csv] [--from D] [--to D]',
    does: 'Write contacts, conversations or messages as JSON lines or CSV; --contact ID, --out FILE.',
    load: async () => (await import('./export.ts')).run,
  },
  {
    words: 'bench',
    usage: 'bench [--only B1,B8] [--json] [--compare FILE]',
    does: 'Measure the hub on this machine and hold it against the machine’s limits.',
    load: async () => (await import('./bench.ts')).run,
  },
]

/**
 * Runs the command that `words` begin with.
 * @returns the exit code: 0 done, 1 failed, 2 not understood.
 */
export async function main(words: readonly string[]): Promise<number> {
  const command = commands.find(({ words: name }) => name.split(' ').every((word, i) => words[i] === word))
  if (command === undefined) {
    process.stderr.write(`${help()}\n`)
    return words.length === 0 || words[0] === 'help' || words[0] === '--help' ? 0 : 2
  }
  const run = await command.load()
  return run({
    args: words.slice(command.words.split(' ').length),
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
  })
}

function help(): string {
  return ['Usage: onequeue <command>', '', ...commands.map(({ usage, does }) => `  ${usage.padEnd(52)} ${does}`)].join('\n')
}

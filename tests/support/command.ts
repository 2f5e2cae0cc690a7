import { commands } from '../../src/cli/main.ts'

/** What a command said and how it ended. */
export interface Ended {
  readonly code: number
  readonly said: string
}

/** Runs a command of the command line in this process. @param line its words, such as `['inbox', 'list']`. */
export async function runCommand(line: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const command = commands.find(({ words }) => words.split(' ').every((word, i) => line[i] === word))
  if (command === undefined) throw new Error(`There is no command "${line.join(' ')}".`)
  const said: string[] = []
  const run = await command.load()
  const code = await run({ args: line.slice(command.words.split(' ').length), env, print: (text) => void said.push(text) })
  return { code, said: said.join('\n') }
}

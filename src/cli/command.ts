/** What a command is given. */
export interface CommandInput {
  /** Words after the command's own. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  print(line: string): void
}

/** Does a command's work and says how it ended: 0 done, 1 failed, 2 not understood. */
export type RunCommand = (input: CommandInput) => Promise<number>

/** A command as `help` lists it. */
export interface Command {
  /** The words that call it, such as `inbox list`. */
  readonly words: string
  readonly usage: string
  readonly does: string
  readonly load: () => Promise<RunCommand>
}

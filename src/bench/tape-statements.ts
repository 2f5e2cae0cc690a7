import Database from 'better-sqlite3'

/** One statement as it ran. */
export interface Step {
  /** Index into the tape's texts. */
  readonly text: number
  readonly values: readonly unknown[]
}

/** Everything a writing connection did, in order. */
export interface Tape {
  readonly texts: readonly string[]
  readonly steps: readonly Step[]
  /** How many of the steps are commits. */
  readonly commits: number
}

/** Notes statements between `begin` and `end`; `remove` takes the notes' taker out of the driver again. */
export interface Recorder {
  begin(): void
  end(): Tape
  remove(): void
}

type Run = (...values: unknown[]) => unknown

/** Puts itself between the driver and whoever opens writing connections from now on in this process. */
export function tapeStatements(): Recorder {
  const { prototype } = Database
  const prepare = prototype.prepare
  const texts: string[] = []
  let steps: Step[] | null = null
  // The driver's own signature is generic over binding types, which do not matter here.
  prototype.prepare = function taped(this: Database.Database, text: string) {
    const statement = prepare.call(this, text)
    if (this.readonly) return statement
    const index = texts.push(text) - 1
    const tape = (run: Run): Run => {
      return (...values) => {
        const outcome = run.apply(statement, values)
        // Only what took effect: a BEGIN that found the file locked is tried again.
        steps?.push({ text: index, values })
        return outcome
      }
    }
    return Object.assign(statement, {
      run: tape(statement.run as Run),
      all: tape(statement.all as Run),
      get: tape(statement.get as Run),
    })
  } as typeof prototype.prepare
  return {
    begin: () => {
      steps = []
    },
    end: () => {
      const taken = steps ?? []
      steps = null
      const commit = (step: Step) => /^commit/i.test(texts[step.text] ?? '')
      return { texts: [...texts], steps: taken, commits: taken.filter(commit).length }
    },
    remove: () => {
      prototype.prepare = prepare
    },
  }
}

/** Runs work of one key one after another, in order of asking; work of different keys side by side. */
export interface KeyedMutex {
  /** Runs `work` when all earlier work of `key` has settled. Gives back its result or its error. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** How many keys have work waiting or running. */
  readonly size: number
}

/** Makes a mutex of this process. Nothing is kept for a key at rest. Not re-entrant: work that asks for its own key waits for ever. */
export function createKeyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<unknown>>()

  const run = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = tails.get(key)
    const result = before ? before.then(work, work) : startNow(work)
    const settled: Promise<unknown> = result.then(ignore, ignore).then(() => {
      if (tails.get(key) === settled) tails.delete(key)
    })
    tails.set(key, settled)
    return result
  }

  return {
    run,
    get size() {
      return tails.size
    },
  }
}

/** A synchronous throw of `work` becomes a rejection. */
async function startNow<T>(work: () => Promise<T>): Promise<T> {
  return work()
}

function ignore(): void {}

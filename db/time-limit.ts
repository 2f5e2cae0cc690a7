import { AppError } from '../src/lib/errors.ts'

/**
 * Ends the wait for work that takes too long, with one timer for many short works run one after another: a timer for each
 * would cost more than its share of a commit.
 */
export class TimeLimit {
  readonly #limitMs: number
  #timer: NodeJS.Timeout | undefined
  #current: { readonly startedAtMs: number; readonly fail: (error: unknown) => void } | null = null

  /** @param limitMs milliseconds each work may take. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** Begins to watch; to be ended by `stop`. */
  watch(): void {
    this.#timer = setTimeout(() => this.#check(), this.#limitMs)
  }

  /** Runs one work, the only one at its time. @throws AppError 'unavailable' when it is not done within the limit. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#current = { startedAtMs: performance.now(), fail: reject }
      work().then(resolve, reject)
    })
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#current = null
  }

  #check(): void {
    const leftMs = this.#current ? this.#current.startedAtMs + this.#limitMs - performance.now() : this.#limitMs
    if (leftMs <= 0) this.#current?.fail(transactionTooLong(this.#limitMs))
    this.#timer = setTimeout(() => this.#check(), leftMs > 0 ? Math.ceil(leftMs) : this.#limitMs)
  }
}

/** The error of a transaction that did not end in time. */
export function transactionTooLong(limitMs: number): AppError {
  return new AppError('unavailable', `A transaction did not end within ${limitMs} ms and was rolled back.`)
}

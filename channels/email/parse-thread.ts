import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../src/lib/errors.ts'
import type { MailDocument } from './mail-document.ts'
import type { ParseReply, ParseRequest } from './parse-protocol.ts'

/** What one mail may cost the thread: a base, and what its size needs. Milliseconds of processor time. */
const baseBudgetMs = 2_000
const budgetMsPerMb = 100
/** How often that is looked at, and how long a mail may take in all, waiting for bytes included. */
const lookEveryMs = 250
const longestMs = 10 * 60_000
/** Heap of the thread; what streams through it lies outside. */
const heapMb = 192
/** An unused thread ends after so long. */
const idleMs = 60_000

/** Reads mails in a thread of its own, one at a time; a mail that costs too much takes the thread with it, and nothing else. */
export interface MailReader {
  /**
   * @throws AppError 'too_large' or 'invalid_input' about the mail; 'too_large' too when it took too much work or memory.
   *   Whatever the source throws.
   */
  read(source: AsyncIterable<Uint8Array>): Promise<MailDocument>
  /** The bytes of one file of a mail. @throws as `read`; 'not_found' where there is no such file. */
  extract(source: AsyncIterable<Uint8Array>, index: number): AsyncIterable<Uint8Array>
  /** Ends the thread; a later call starts another. */
  close(): Promise<void>
}

/** Makes a reader; its thread starts with the first mail. */
export function createMailReader(): MailReader {
  const thread = new ParseThread()
  return {
    read: async (source) => {
      for await (const reply of thread.run({ type: 'read' }, source)) if (reply.type === 'document') return reply.document
      throw new AppError('bug', 'The parsing thread gave no document.')
    },
    extract: async function* (source, index) {
      for await (const reply of thread.run({ type: 'extract', index }, source)) {
        if (reply.type === 'file') yield reply.bytes
        if (reply.type === 'extracted' && !reply.found) throw new AppError('not_found', 'The mail has no such file.')
      }
    },
    close: () => thread.end(),
  }
}

type Started = Extract<ParseRequest, { type: 'read' | 'extract' }>

class ParseThread {
  #worker: Worker | null = null
  #turn: Promise<void> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  /** One mail, when those before it are done. */
  async *run(start: Started, source: AsyncIterable<Uint8Array>): AsyncGenerator<ParseReply> {
    const before = this.#turn
    let done: () => void = () => undefined
    this.#turn = new Promise((resolve) => {
      done = resolve
    })
    await before
    clearTimeout(this.#idle)
    try {
      yield* this.#converse(start, source)
    } finally {
      this.#idle = setTimeout(() => void this.end(), idleMs)
      this.#idle.unref()
      done()
    }
  }

  async end(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  async *#converse(start: Started, source: AsyncIterable<Uint8Array>): AsyncGenerator<ParseReply> {
    const worker = (this.#worker ??= startWorker())
    const replies = new Replies(worker)
    const chunks = source[Symbol.asyncIterator]()
    const budget = watch(worker, (sentence) => replies.fail(new AppError('too_large', sentence)))
    const send = (request: ParseRequest) => worker.postMessage(request)
    let settled = false
    worker.ref()
    send(start)
    try {
      for (;;) {
        const reply = await replies.next()
        if (reply.type === 'started') {
          budget.start(reply.threadId)
          continue
        }
        if (reply.type === 'more') {
          const { value, done } = await chunks.next()
          if (done !== true) budget.grow(value.byteLength)
          if (done === true) send({ type: 'end' })
          else sendChunk(worker, value)
          continue
        }
        settled = reply.type !== 'file'
        if (reply.type === 'failed') throw new AppError(reply.kind, reply.sentence)
        yield reply
        if (settled) return
        send({ type: 'taken' })
      }
    } finally {
      budget.stop()
      replies.stop()
      worker.unref()
      await chunks.return?.(undefined)
      // What was left in the middle would answer into the next mail.
      if (!settled) await this.end()
    }
  }
}

/** Sends a copy and gives it away: a view would take all that it is a view of along. */
function sendChunk(worker: Worker, chunk: Uint8Array): void {
  const bytes = Uint8Array.prototype.slice.call(chunk)
  worker.postMessage({ type: 'chunk', bytes } satisfies ParseRequest, [bytes.buffer])
}

/** The thread's answers, in their order; its end is the last of them. */
class Replies {
  readonly #worker: Worker
  readonly #waiting: ParseReply[] = []
  #error: Error | null = null
  #began = false
  #wake: () => void = () => undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', this.#take)
    worker.on('error', this.#fail)
    worker.on('exit', this.#ended)
  }

  readonly #take = (reply: ParseReply): void => {
    this.#began = true
    this.#waiting.push(reply)
    this.#wake()
  }

  readonly #fail = (error: unknown): void => {
    const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    // A thread that never began says nothing about the mail.
    if (!this.#began && !outOfMemory) {
      return this.fail(new AppError('unavailable', `The reader of mail did not start: ${String(error)}.`, {}, { cause: error }))
    }
    const sentence = outOfMemory ? 'The mail took too much memory to read.' : `The mail broke its reader: ${String(error)}.`
    this.fail(new AppError('too_large', sentence, {}, { cause: error }))
  }

  readonly #ended = (): void => this.fail(new AppError(this.#began ? 'too_large' : 'unavailable', 'The reader of mail ended.'))

  fail(error: Error): void {
    this.#error ??= error
    this.#wake()
  }

  async next(): Promise<ParseReply> {
    for (;;) {
      const reply = this.#waiting.shift()
      if (reply !== undefined) return reply
      if (this.#error !== null) throw this.#error
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  stop(): void {
    this.#worker.off('message', this.#take)
    this.#worker.off('error', this.#fail)
    this.#worker.off('exit', this.#ended)
  }
}

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const tickMs = 10

/** Processor time of a thread of this process so far, milliseconds; null where the system does not tell. */
function processorMs(threadId: string): number | null {
  try {
    const stat = readFileSync(`/proc/self/task/${threadId}/stat`, 'latin1')
    // The name in brackets may hold anything; the fields are counted behind it (proc(5): 14 utime, 15 stime).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * tickMs
  } catch {
    return null
  }
}

interface Budget {
  start(threadId: string | null): void
  grow(bytes: number): void
  stop(): void
}

/**
 * Counts the processor time of the thread, so that a busy machine fails nobody; where the system does not tell it, the
 * time in which the thread did not wait.
 */
function watch(worker: Worker, exceeded: (sentence: string) => void): Budget {
  let workedMs: () => number = () => 0
  let bytes = 0
  let lookedMs = 0
  const timer = setInterval(() => {
    lookedMs += lookEveryMs
    if (workedMs() > baseBudgetMs + (bytes / 1_000_000) * budgetMsPerMb) exceeded('The mail took too much work to read.')
    else if (lookedMs > longestMs) exceeded('The mail took too long to read.')
  }, lookEveryMs)
  timer.unref()
  return {
    start: (threadId) => {
      const beforeMs = threadId === null ? null : processorMs(threadId)
      const before = worker.performance.eventLoopUtilization()
      workedMs =
        threadId === null || beforeMs === null
          ? () => worker.performance.eventLoopUtilization(before).active
          : () => (processorMs(threadId) ?? 0) - beforeMs
    },
    grow: (more) => {
      bytes += more
    },
    stop: () => clearInterval(timer),
  }
}

function startWorker(): Worker {
  const options = { name: 'mail', resourceLimits: { maxOldGenerationSizeMb: heapMb } }
  const worker = makeWorker(options)
  worker.unref()
  // Whoever waits for an answer hears of the end through its replies; nobody else is to be taken down by it.
  worker.on('error', () => undefined)
  return worker
}

function makeWorker(options: ConstructorParameters<typeof Worker>[1]): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./mail-worker.js', import.meta.url), options)
  // From source the thread needs a loader of its own; a parent's `--import tsx` does not reach into it.
  const packageFile = createRequire(import.meta.url).resolve('tsx/package.json')
  const loader = JSON.stringify(new URL('./dist/esm/api/index.mjs', pathToFileURL(packageFile)).href)
  const entry = JSON.stringify(new URL('./mail-worker.ts', import.meta.url).href)
  const bootstrap = `import(${loader}).then(({ register }) => { register(); return import(${entry}) })`
  return new Worker(bootstrap, { ...options, eval: true })
}

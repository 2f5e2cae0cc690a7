import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { AppError } from '../src/lib/errors.ts'
import type { WorkerReply, WorkerRequest } from './sqlite-worker.ts'

/** A thread with its own connection to the database file, for work that would block the event loop. */
export class SqliteWorkerThread {
  readonly #worker: Worker
  readonly #answers: { resolve: (reply: WorkerReply) => void; reject: (error: unknown) => void }[] = []
  #exited = false

  /** Starts the thread; it does not keep the process alive while it has nothing to do. */
  constructor(file: string) {
    this.#worker = new Worker(workerUrl(), { workerData: file, ...workerOptions(), name: 'sqlite' })
    this.#worker.unref()
    this.#worker.on('message', (reply: WorkerReply) => {
      if (this.#answers.length === 1) this.#worker.unref()
      this.#answers.shift()?.resolve(reply)
    })
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => {
      this.#exited = true
      this.#fail(new AppError('unavailable', 'The database worker has ended.'))
    })
  }

  /** Whether the thread is gone, after `stop` or a crash. */
  get exited(): boolean {
    return this.#exited
  }

  /** Sends one request. @throws AppError 'unavailable' with the driver's code in `details` when it fails. */
  async ask(request: WorkerRequest, options: { keepAlive: boolean } = { keepAlive: false }): Promise<{ logPages: number; checkpointedPages: number }> {
    if (this.#exited) throw new AppError('unavailable', 'The database worker has ended.')
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.#answers.push({ resolve, reject })
      if (options.keepAlive) this.#worker.ref()
      this.#worker.postMessage(request)
    })
    if (reply.ok) return reply
    throw new AppError('unavailable', `The database worker failed: ${reply.message}`, { code: reply.code })
  }

  /** Waits for what was asked, then ends the thread and closes its connection. */
  async stop(): Promise<void> {
    if (this.#exited) return
    const exit = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve())
    })
    this.#worker.ref()
    this.#worker.postMessage('stop')
    await exit
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#answers.splice(0)) reject(error)
  }
}

const fromSource = import.meta.url.endsWith('.ts')

function workerUrl(): URL {
  return new URL(fromSource ? './sqlite-worker.ts' : './sqlite-worker.js', import.meta.url)
}

// A thread started from source needs the loader too, whatever loaded its parent.
function workerOptions(): { execArgv?: string[] } {
  return fromSource ? { execArgv: ['--import', createRequire(import.meta.url).resolve('tsx')] } : {}
}

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
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
    this.#worker = startWorker(file)
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
  async ask(request: WorkerRequest): Promise<void> {
    if (this.#exited) throw new AppError('unavailable', 'The database worker has ended.')
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.#answers.push({ resolve, reject })
      // Somebody waits for the answer, so the process must live until it comes.
      this.#worker.ref()
      this.#worker.postMessage(request)
    })
    if (!reply.ok) throw new AppError('unavailable', `The database worker failed: ${reply.message}`, { code: reply.code })
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

function startWorker(file: string): Worker {
  const options = { workerData: file, name: 'sqlite' }
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./sqlite-worker.js', import.meta.url), options)
  // From source the thread needs a loader of its own; a parent's `--import tsx` does not reach into it.
  const packageFile = createRequire(import.meta.url).resolve('tsx/package.json')
  const loader = JSON.stringify(new URL('./dist/esm/api/index.mjs', pathToFileURL(packageFile)).href)
  const entry = JSON.stringify(new URL('./sqlite-worker.ts', import.meta.url).href)
  const bootstrap = `import(${loader}).then(({ register }) => { register(); return import(${entry}) })`
  return new Worker(bootstrap, { ...options, eval: true })
}

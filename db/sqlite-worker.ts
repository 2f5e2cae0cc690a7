import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** What the store's thread asks of this one. */
export type WorkerRequest =
  | { readonly do: 'checkpoint'; readonly mode: 'PASSIVE' | 'TRUNCATE' }
  | { readonly do: 'backup'; readonly toFile: string }

/** The outcome of one request; requests are answered in order. */
export type WorkerReply = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string }

// More pages than a database can have: one step copies all under one read snapshot, so no writer makes it start anew.
const allPages = 0x7fffffff

function open(file: string): Database.Database {
  const database = new Database(file, { fileMustExist: true, timeout: 0 })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('busy_timeout = 0')
  database.pragma('wal_autocheckpoint = 0')
  return database
}

async function answer(database: Database.Database, request: WorkerRequest): Promise<WorkerReply> {
  if (request.do === 'backup') {
    await database.backup(request.toFile, { progress: () => allPages })
  } else {
    database.pragma(`wal_checkpoint(${request.mode})`)
  }
  return { ok: true }
}

function failure(error: unknown): WorkerReply {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'ERROR'
  return { ok: false, code, message: error instanceof Error ? error.message : String(error) }
}

const port = parentPort
const file: unknown = workerData
if (port && typeof file === 'string') {
  let database: Database.Database | null = null
  port.on('message', (request: WorkerRequest | 'stop') => {
    if (request === 'stop') {
      database?.close()
      port.close()
      return
    }
    const work = async (): Promise<WorkerReply> => {
      database ??= open(file)
      return answer(database, request)
    }
    work().then(
      (reply) => port.postMessage(reply),
      (error: unknown) => port.postMessage(failure(error)),
    )
  })
}

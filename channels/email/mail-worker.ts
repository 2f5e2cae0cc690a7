import { readlinkSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { AppError } from '../../src/lib/errors.ts'
import type { ParseReply, ParseRequest } from './parse-protocol.ts'
import { extractFile, readMail } from './read-mail.ts'

const port = parentPort
if (port === null) throw new Error('This file is the entry of a worker thread.')

/** The mail that is being read; chunks wait here, one at a time. */
let feed: ((chunk: Uint8Array | null) => void) | null = null
let onTaken: (() => void) | null = null

function reply(message: ParseReply): void {
  port?.postMessage(message)
}

async function* incoming(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await new Promise<Uint8Array | null>((resolve) => {
      feed = resolve
      reply({ type: 'more' })
    })
    if (chunk === null) return
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  }
}

async function extract(index: number): Promise<boolean> {
  return extractFile(incoming(), index, async (bytes) => {
    const taken = new Promise<void>((resolve) => {
      onTaken = resolve
    })
    // A view would take all that it is a view of along.
    const own = Uint8Array.prototype.slice.call(bytes)
    port?.postMessage({ type: 'file', bytes: own } satisfies ParseReply, [own.buffer])
    await taken
  })
}

function failed(error: unknown): void {
  const kind = error instanceof AppError && (error.kind === 'too_large' || error.kind === 'invalid_input') ? error.kind : 'bug'
  reply({ type: 'failed', kind, sentence: error instanceof Error ? error.message : String(error) })
}

/** Linux names the running thread under `/proc`; elsewhere there is no such name. */
function threadId(): string | null {
  try {
    return readlinkSync('/proc/thread-self').split('/').at(-1) ?? null
  } catch {
    return null
  }
}

const id = threadId()

port.on('message', (request: ParseRequest) => {
  switch (request.type) {
    case 'read':
      reply({ type: 'started', threadId: id })
      readMail(incoming()).then((document) => reply({ type: 'document', document }), failed)
      return
    case 'extract':
      reply({ type: 'started', threadId: id })
      extract(request.index).then((found) => reply({ type: 'extracted', found }), failed)
      return
    case 'chunk':
      return feed?.(request.bytes)
    case 'end':
      return feed?.(null)
    case 'taken':
      return onTaken?.()
  }
})

import { createHash } from 'node:crypto'
import type { ChannelKit } from '../../channels/contract.ts'
import { AppError } from '../../src/lib/errors.ts'
import { newId } from '../../src/lib/ids.ts'
import { quietLog } from './quiet-log.ts'

/** A kit for a channel without a hub: what is left out refuses the network, keeps files in memory and stands still in time. */
export function channelKit(given: Partial<ChannelKit> = {}): ChannelKit {
  const files = new Map<string, Buffer>()
  const inboxId = newId()
  return {
    inboxId,
    publicUrl: 'https://hub.test',
    fetch: () => Promise.reject(new Error('No call was expected.')),
    now: () => 1_767_574_800_000,
    after: () => () => undefined,
    key: (purpose) => createHash('sha256').update(`${inboxId} ${purpose}`).digest(),
    resolve: async (host) => host,
    blobs: {
      put: async (source, maxBytes) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of source) chunks.push(chunk)
        const bytes = Buffer.concat(chunks)
        if (bytes.length > maxBytes) throw new AppError('too_large', 'The file is too large.')
        const key = newId()
        files.set(key, bytes)
        return { key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
      },
      get: async (key) => {
        const bytes = files.get(key)
        if (bytes === undefined) throw new AppError('not_found', 'There is no such file.')
        return oneChunk(bytes)
      },
      delete: async (key) => void files.delete(key),
    },
    log: quietLog,
    ...given,
  }
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

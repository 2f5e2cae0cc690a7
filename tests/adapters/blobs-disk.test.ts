import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDiskBlobs } from '../../src/adapters/blobs-disk.ts'
import { newId } from '../../src/lib/ids.ts'
import type { Blobs } from '../../src/ports/blobs.ts'

let outer = ''
let directory = ''
let blobs: Blobs
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'onequeue-blobs-'))
  directory = join(outer, 'blobs')
  blobs = await openDiskBlobs({ directory, now: Date.now() })
})
afterEach(() => rm(outer, { recursive: true, force: true }))

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

test('what is put can be got, with its size and hash', async () => {
  const stored = await blobs.put(chunks('hello ', '世界'), { maxBytes: 100 })
  expect(stored).toMatchObject({
    bytes: 12,
    sha256: '2e2625f7c51b4a2c75274ab307e86411f57aab475f4a4078df53533f7771bc7f',
  })
  const { stream, totalBytes, range } = await blobs.get(stored.key)
  expect([(await buffer(stream)).toString(), totalBytes, range]).toEqual(['hello 世界', 12, { start: 0, end: 11 }])
})

test('a part can be got; its end is cut to the file', async () => {
  const { key } = await blobs.put(chunks('0123456789'), { maxBytes: 10 })
  const part = async (start: number, end?: number): Promise<unknown[]> => {
    const { stream, totalBytes, range } = await blobs.get(key, end === undefined ? { start } : { start, end })
    return [(await buffer(stream)).toString(), totalBytes, range]
  }
  expect(await part(2, 4)).toEqual(['234', 10, { start: 2, end: 4 }])
  expect(await part(7)).toEqual(['789', 10, { start: 7, end: 9 }])
  expect(await part(0, 99)).toEqual(['0123456789', 10, { start: 0, end: 9 }])
  for (const bad of [{ start: 10 }, { start: -1 }, { start: 5, end: 4 }]) {
    await expect(blobs.get(key, bad)).rejects.toMatchObject({ kind: 'invalid_input', details: { totalBytes: 10 } })
  }
})

test('an empty file is a file', async () => {
  const { key, bytes } = await blobs.put(chunks(), { maxBytes: 1 })
  const { stream, totalBytes, range } = await blobs.get(key)
  expect([bytes, totalBytes, range, (await buffer(stream)).length]).toEqual([0, 0, { start: 0, end: -1 }, 0])
})

test('a file over the limit leaves nothing, and what comes after is not read', async () => {
  let asked = 0
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      asked += 1
      yield Buffer.alloc(1_000)
    }
  }
  await expect(blobs.put(endless(), { maxBytes: 2_500 })).rejects.toMatchObject({ kind: 'too_large' })
  expect(asked).toBe(3)
  expect(await filesIn(directory)).toEqual([])
})

test('a source that fails leaves nothing and keeps its error', async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half')
    throw new Error('the line broke')
  }
  await expect(blobs.put(broken(), { maxBytes: 100 })).rejects.toThrow('the line broke')
  expect(await filesIn(directory)).toEqual([])
})

test('no file is at its place before it is whole', async () => {
  let seen: string[] = []
  const watching = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('first')
    seen = await readdir(directory)
    yield Buffer.from('second')
  }
  const { key } = await blobs.put(watching(), { maxBytes: 100 })
  expect(seen).toEqual(['incoming'])
  expect((await stat(join(directory, key.slice(-2), key))).mode & 0o777).toBe(0o600)
})

test('deleting is idempotent', async () => {
  const { key } = await blobs.put(chunks('x'), { maxBytes: 1 })
  await blobs.delete(key)
  await blobs.delete(key)
  await expect(blobs.get(key)).rejects.toMatchObject({ kind: 'not_found' })
})

const unknown = '01a2044b-2dcd-70f2-b23f-9ffbd75de2d2'
test.each([
  '../outside',
  '..',
  '',
  '/etc/passwd',
  'incoming/x',
  `${unknown}/../../outside`,
  `${unknown}\0`,
  unknown.toUpperCase(),
  unknown,
])('the key %j names no file and deletes nothing', async (key) => {
  await writeFile(join(outer, 'outside'), 'kept')
  await expect(blobs.get(key)).rejects.toMatchObject({ kind: 'not_found' })
  await blobs.delete(key)
  expect((await stat(join(outer, 'outside'))).isFile()).toBe(true)
})

test('unfinished files of a former day are removed at the start, fresh ones stay', async () => {
  const now = Date.UTC(2026, 0, 5)
  const old = join(directory, 'incoming', newId())
  const fresh = join(directory, 'incoming', newId())
  for (const [path, ageMs] of [
    [old, 90_000_000],
    [fresh, 60_000],
  ] as const) {
    await writeFile(path, 'half')
    await utimes(path, (now - ageMs) / 1_000, (now - ageMs) / 1_000)
  }
  await openDiskBlobs({ directory, now })
  expect(await filesIn(directory)).toEqual([fresh.split('/').at(-1)])
})

test('a disk that does not take the file says so', async () => {
  await rm(join(directory, 'incoming'), { recursive: true })
  await mkdir(join(directory, 'elsewhere'))
  await expect(blobs.put(chunks('x'), { maxBytes: 1 })).rejects.toMatchObject({ kind: 'unavailable' })
})

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../../src/lib/package-root.ts'

const run = promisify(execFile)

/** A package with two small targets' sources, and the real build scripts, which take the folder above them for the package. */
let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onequeue-build-'))
  await cp(join(packageRoot, 'bin/build'), join(root, 'bin/build'), { recursive: true })
  await put('src/cli/main.ts', 'export const main = () => 0')
  await put('channels/index.ts', 'export {}')
  await put('channels/webchat/widget/src/a.ts', 'export {}')
  await put('db/store.ts', 'export {}')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** Runs a line with the functions of targets.mjs in the small package and reads what it prints. */
async function say(line: string): Promise<unknown> {
  const text = `import * as b from './bin/build/targets.mjs'; const [server, ui, widget] = b.targets; console.log(JSON.stringify(${line}))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text], { cwd: root })
  return JSON.parse(stdout)
}

/** Does as a build of the server would. */
async function built(): Promise<void> {
  await put('dist/server/main.js', '')
  await say('b.writeStamp(server, b.snapshot(server)) ?? null')
}

test('a target without its product or its stamp is stale', async () => {
  expect(await say('b.isStale(server)')).toBe(true)
  await put('dist/server/main.js', '')
  expect(await say('b.isStale(server)')).toBe(true)
  await built()
  expect(await say('b.isStale(server)')).toBe(false)
})

test('another time of change with the same content is not stale, and is noted', async () => {
  await built()
  const before = await readFile(join(root, 'dist/.stamps/server.json'), 'utf8')
  await utimes(join(root, 'db/store.ts'), 1, 1)
  expect(await say('b.isStale(server)')).toBe(false)
  expect(await readFile(join(root, 'dist/.stamps/server.json'), 'utf8')).not.toBe(before)
})

test.each([
  ['a changed file', () => put('db/store.ts', 'export const a = 1')],
  ['a new file', () => put('src/services/new.ts', '')],
  ['a removed file', () => rm(join(root, 'channels/index.ts'))],
  ['a renamed file', () => put('src/cli/other.ts', 'export const main = () => 0').then(() => rm(join(root, 'src/cli/main.ts')))],
])('%s is stale', async (_name, change) => {
  await built()
  await change()
  expect(await say('b.isStale(server)')).toBe(true)
})

test('what belongs to another target, and what is no source, does not count', async () => {
  await built()
  await put('channels/webchat/widget/src/a.ts', 'export const changed = 1')
  await put('db/migrations/sqlite/0001.sql', 'select 1')
  await put('channels/line/fixtures/text.json', '{}')
  await put('src/node_modules/x/index.js', '')
  expect(await say('b.isStale(server)')).toBe(false)
})

test('equal names, sizes and times are trusted without reading contents, which is what makes the check quick', async () => {
  await utimes(join(root, 'db/store.ts'), 1_000, 1_000)
  await built()
  await put('db/store.ts', 'export []')
  await utimes(join(root, 'db/store.ts'), 1_000, 1_000)
  expect(await say('b.isStale(server)')).toBe(false)
  await utimes(join(root, 'db/store.ts'), 1_001, 1_001)
  expect(await say('b.isStale(server)')).toBe(true)
})

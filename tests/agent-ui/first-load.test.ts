import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FirstLoad, measureFirstLoad } from '../../agent-ui/first-load.ts'

/** What the console may cost a browser before it shows anything, gzip. */
const limitBytes = 350_000

let outDir: string
let load: FirstLoad

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'onequeue-console-'))
  // In a process of its own: this one is a test, and React would be built for development.
  const vite = [
    join('agent-ui', 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    'agent-ui',
    '--outDir',
    outDir,
    '--emptyOutDir',
    '--logLevel',
    'error',
  ]
  await promisify(execFile)(process.execPath, vite)
  load = measureFirstLoad(outDir)
}, 120_000)
afterAll(() => rm(outDir, { recursive: true, force: true }))

test('the console’s first load fits, one language included', () => {
  expect(load.gzipBytes).toBeGreaterThan(50_000)
  expect(load.gzipBytes + 12_000).toBeLessThan(limitBytes)
})

test('pages of supervisors and administrators are not part of it', () => {
  expect(load.files.map((f) => f.file).filter((file) => /supervisor-page|admin|profile-page|queue-dialog/.test(file))).toEqual([])
})

test('every script and style has a hash in its name', () => {
  const named = load.files.map((f) => f.file).filter((file) => file.startsWith('assets/'))
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((file) => !/-[\w-]{8}\.(js|css)$/.test(file))).toEqual([])
})

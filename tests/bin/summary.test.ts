import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../../src/lib/package-root.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-summary-'))
  await mkdir(join(folder, '.cache'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What Vitest reports: a line for each file, of which one may have failed to load. */
async function report({ passed = 0, failed = 0, brokenFiles = 0 }): Promise<void> {
  const tests = Array.from({ length: failed }, () => ({ status: 'failed' }))
  const broken = Array.from({ length: brokenFiles }, () => ({ status: 'failed', assertionResults: [] }))
  const testResults = [{ status: failed > 0 ? 'failed' : 'passed', assertionResults: tests }, ...broken]
  const text = JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults })
  await writeFile(join(folder, '.cache/test-report.json'), text)
}

const checked = (text: string): Promise<void> => writeFile(join(folder, '.cache/check-report.txt'), text)

/** The printed line and the exit code. */
function summary(testsCode: number, checkCode: number): [string, number | null] {
  const file = join(packageRoot, 'bin/check/summary.mjs')
  const { stdout, status } = spawnSync(process.execPath, [file, String(testsCode), String(checkCode)], { cwd: folder, encoding: 'utf8' })
  return [stdout.trim(), status]
}

test('tests and checks are added', async () => {
  await report({ passed: 120 })
  await checked('✓ types  1.0 s\n9 checks passed, 0 failed\n')
  expect(summary(0, 0)).toEqual(['129 passed, 0 failed', 0])
})

test('every failure counts, also that of a file that could not be loaded', async () => {
  await report({ passed: 10, failed: 2, brokenFiles: 1 })
  await checked('7 checks passed, 2 failed\n')
  expect(summary(1, 1)).toEqual(['17 passed, 5 failed', 1])
})

test('an exit code that no report explains is a failure', async () => {
  await report({ passed: 10 })
  await checked('9 checks passed, 0 failed\n')
  expect(summary(1, 0)).toEqual(['19 passed, 1 failed', 1])
  expect(summary(0, 1)).toEqual(['19 passed, 1 failed', 1])
})

test('a missing or unreadable report is a failure', async () => {
  await checked('nothing of use')
  expect(summary(0, 0)).toEqual(['0 passed, 2 failed', 1])
  expect(summary(1, 1)).toEqual(['0 passed, 2 failed', 1])
})

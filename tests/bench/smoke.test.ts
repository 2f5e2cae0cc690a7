import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Figure } from '../../src/bench/figures.ts'
import { packageRoot } from '../../src/lib/package-root.ts'

it('measures webhooks of one second, each of them stored once', { timeout: 180_000 }, async () => {
  const start = join(packageRoot, 'bin', 'onequeue.mjs')
  const words = ['bench', '--only', 'B1', '--json', '--seconds', '1', '--runs', '1']
  const { stdout } = await promisify(execFile)(process.execPath, [start, ...words], { maxBuffer: 1024 * 1024 })
  const { figures } = JSON.parse(stdout) as { figures: Figure[] }
  const byId = new Map(figures.map((figure) => [figure.id, figure]))
  for (const id of ['B1.c1.rate', 'B1.c32.rate', 'B1.c128.rate', 'B1.mixed.c32.rate', 'B1.half.rate', 'B1.unpinned.c32.rate']) {
    expect(byId.get(id), id).toMatchObject({ unit: 'webhooks/s', missing: 0, duplicate: 0 })
    expect(byId.get(id)?.value, id).toBeGreaterThan(0)
  }
  expect(byId.get('B1.c32.rate')?.ratio).toBeGreaterThan(0)
  expect(byId.get('B1.limit.statements')?.value).toBeGreaterThan(0)
})

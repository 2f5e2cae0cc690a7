import { createHmac, timingSafeEqual } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** How many appends of 1 KiB, each synced, the disk takes in a second. */
export async function measureSync({ folder, measureMs }: { folder: string; measureMs: number }): Promise<number> {
  const file = openSync(join(folder, 'appends'), 'w')
  const record = Buffer.alloc(1_024, 'x')
  const startMs = performance.now()
  let appends = 0
  while (performance.now() - startMs < measureMs) {
    writeSync(file, record)
    fdatasyncSync(file)
    appends += 1
  }
  closeSync(file)
  return (appends * 1_000) / (performance.now() - startMs)
}

/** Serves what the fastest webhook listener on node could be: it reads a body, checks its signature and answers. @returns its port. */
export async function serveSignatureCheck({ channelSecret }: { channelSecret: string }): Promise<number> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const expected = createHmac('sha256', channelSecret).update(Buffer.concat(chunks)).digest()
      const given = Buffer.from(String(req.headers['x-line-signature']), 'base64')
      const fits = given.length === expected.length && timingSafeEqual(given, expected)
      res.writeHead(fits ? 200 : 403, { 'content-length': 0 })
      res.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

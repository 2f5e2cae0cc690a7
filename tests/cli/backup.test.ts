import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { agentSocket, apiOf } from '../support/agent-client.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { runCommand } from '../support/command.ts'
import { databases, startTestHub, type TestHub, useHub } from '../support/hub.ts'

const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** A conversation with a text from each side and a picture. */
async function talk(hub: TestHub, centre: Centre): Promise<string> {
  const ann = await agentSocket(hub, centre.agent('ann'))
  await ann.goAvailable()
  const customer = centre.customer('=cmd()')
  await customer.sendText('一杯烏龍茶')
  const conversationId = await ann.acceptNext()
  const form = new FormData()
  form.set('file', new Blob([picture]), 'tea.png')
  const headers = apiOf(hub, centre.agent('ann')).credentials
  const sent = await fetch(`${hub.url}/api/v1/files`, { method: 'POST', headers, body: form })
  const { id: fileId } = (await sent.json()) as { id: string }
  await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'file', fileId }] })
  ann.close()
  return conversationId
}

describe('a backup of a running hub (F37)', () => {
  const hub = useHub()
  let folder: string
  let backup: string
  let others = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onequeue-backup-'))
    await talk(hub(), await makeCentre(hub()))
    backup = join(folder, 'monday.db')
    const { code, said } = await runCommand(['backup', backup], hub().env)
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('1 attachments') })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A copy to be damaged. */
  async function copyOfBackup(): Promise<string> {
    const copy = join(folder, `copy-${(others += 1)}.db`)
    for (const end of ['', '.json', '-files']) await cp(backup + end, copy + end, { recursive: true })
    return copy
  }

  it('is verified by restoring it beside, and leaves nothing behind', async () => {
    const before = readdirSync(folder)
    const { code, said } = await runCommand(['restore', backup, '--verify'], hub().env)
    expect(said).toContain('The backup can be restored.')
    expect(code).toBe(0)
    expect(readdirSync(folder)).toEqual(before)
  })

  it('is restored into an empty folder, where a hub serves what was there', async () => {
    const dataDir = join(folder, 'restored')
    const { DATABASE_URL: _own, ...env } = hub().env
    expect(await runCommand(['restore', backup], { ...env, DATA_DIR: dataDir })).toMatchObject({ code: 0 })
    const restored = { ...env, DATA_DIR: dataDir, DATABASE_URL: `file:${join(dataDir, 'onequeue.db')}` }
    const { code, said } = await runCommand(['doctor'], restored)
    expect(said).not.toContain('✗')
    expect(code).toBe(0)
    const out = join(folder, 'messages.jsonl')
    await runCommand(['export', '--what', 'messages', '--out', out], restored)
    expect(await readFile(out, 'utf8')).toContain('一杯烏龍茶')
    const again = runCommand(['restore', backup], { ...env, DATA_DIR: dataDir })
    await expect(again).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('empty DATA_DIR') })
  })

  it.each([
    ['a flipped byte in the database', (file: string) => flipByte(file), 'differs from its manifest'],
    ['a database cut short', async (file: string) => truncateSync(file, 8_192), 'differs from its manifest'],
    [
      'an attachment that lost its end',
      (file: string) => damageFile(`${file}-files`, async (path) => truncateSync(path, 5)),
      'has 5 bytes',
    ],
    ['an attachment with another content', (file: string) => damageFile(`${file}-files`, flipByte), 'another content'],
    ['an attachment that is not there', (file: string) => damageFile(`${file}-files`, (path) => rm(path)), 'is missing'],
    ['a kept number that is wrong', (file: string) => tamper(file, 'update counters set value = value + 1'), 'The kept number'],
    ['a message that was deleted', (file: string) => tamper(file, 'delete from messages where ordinal = 2'), 'messages: 2 instead of 3'],
    ['a reference to nobody', (file: string) => tamper(file, 'delete from contacts'), 'without the row they refer to'],
  ])('with %s is refused, and nothing is restored', async (_name, damage, says) => {
    const copy = await copyOfBackup()
    await damage(copy)
    const dataDir = `${copy}-target`
    const { DATABASE_URL: _own, ...env } = hub().env
    const { code, said } = await runCommand(['restore', copy], { ...env, DATA_DIR: dataDir })
    expect(said).toContain(says)
    expect(code).toBe(1)
    expect(existing(dataDir)).toEqual([])
  })

  it('without its manifest is no backup, and a second one replaces nothing', async () => {
    const copy = await copyOfBackup()
    await rm(`${copy}.json`)
    await expect(runCommand(['restore', copy, '--verify'], hub().env)).rejects.toMatchObject({ kind: 'not_found' })
    await writeFile(`${copy}.json`, '{')
    await expect(runCommand(['restore', copy, '--verify'], hub().env)).rejects.toMatchObject({ kind: 'invalid_input' })
    await expect(runCommand(['backup', backup], hub().env)).rejects.toMatchObject({ kind: 'conflict' })
  })
})

async function flipByte(file: string): Promise<void> {
  const bytes = readFileSync(file)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff
  await writeFile(file, bytes)
}

async function damageFile(folder: string, damage: (path: string) => Promise<void>): Promise<void> {
  const [path] = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  if (path === undefined) throw new Error('The backup has no attachment to damage.')
  await damage(path)
}

/** Changes the database and its manifest's checksum with it, as a fault of ours would, not of the disk. */
async function tamper(file: string, sql: string): Promise<void> {
  const database = new Database(file)
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.pragma('journal_mode = DELETE')
  database.close()
  const bytes = readFileSync(file)
  const { createHash } = await import('node:crypto')
  const manifest = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as { database: object }
  manifest.database = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  await writeFile(`${file}.json`, JSON.stringify(manifest))
}

function existing(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

describe.each(databases)('doctor and export, %s', (database) => {
  let hub: TestHub
  let conversationId: string
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onequeue-export-'))
    hub = await startTestHub({ database })
    conversationId = await talk(hub, await makeCentre(hub))
  })
  afterAll(async () => {
    await hub.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('says that all is well, and what is wrong where something is', async () => {
    const well = await runCommand(['doctor'], hub.env)
    expect(well.said).toContain('The kept numbers agree with the conversations.')
    expect(well.said).toContain('No payload is quarantined.')
    expect(well.code).toBe(0)
    const { code, said } = await runCommand(['doctor'], { ...hub.env, SECRET_KEY: 'another key than the secrets were sealed with' })
    expect(said).toContain('do not open with this SECRET_KEY')
    expect(code).toBe(1)
    expect(said).not.toContain(hub.env['SECRET_KEY'])
    const away = await runCommand(['doctor'], { ...hub.env, REDIS_URL: 'redis://127.0.0.1:1' })
    expect(away).toMatchObject({ code: 1, said: expect.stringContaining('check REDIS_URL') })
  })

  it('writes every message, oldest first, and only a new file', async () => {
    const out = join(folder, 'messages.jsonl')
    await runCommand(['export', '--what', 'messages', '--out', out], hub.env)
    const rows = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.filter(({ direction }) => direction !== 'system')).toMatchObject([
      { conversationId, ordinal: 1, direction: 'in', parts: [{ type: 'text', text: '一杯烏龍茶' }] },
      { conversationId, direction: 'out', parts: [{ type: 'media', name: 'tea.png' }] },
    ])
    await expect(runCommand(['export', '--what', 'messages', '--out', out], hub.env)).rejects.toMatchObject({ code: 'EEXIST' })
  })

  it('writes spreadsheets that run nothing', async () => {
    const out = join(folder, 'contacts.csv')
    await runCommand(['export', '--what', 'contacts', '--format', 'csv', '--out', out], hub.env)
    const text = await readFile(out, 'utf8')
    expect(text).toContain("'=cmd()")
    expect(text).not.toMatch(/(^|,)"?=/m)
  })

  it('writes nothing of other times or customers', async () => {
    for (const [name, args] of Object.entries({ late: ['--from', '2999-01-01'], none: ['--contact', newId()] })) {
      const out = join(folder, `${name}.jsonl`)
      await runCommand(['export', '--what', 'conversations', ...args, '--out', out], hub.env)
      expect(await readFile(out, 'utf8')).toBe('')
    }
  })

  it('refuses what it does not understand', async () => {
    for (const args of [['--what', 'secrets'], ['--what', 'messages', '--format', 'xml'], ['--what', 'messages', '--from', 'monday'], []]) {
      await expect(runCommand(['export', ...args], hub.env)).rejects.toMatchObject({ kind: 'invalid_input' })
    }
  })
})

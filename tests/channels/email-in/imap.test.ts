import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../../src/services/inboxes/write-inbox.ts'
import { type Dovecot, startDovecot } from '../../support/dovecot.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { imapConfig, mailText, makeMailInbox, originOf } from '../../support/mail-inbox.ts'
import { until } from '../../support/until.ts'

let dovecot: Dovecot
let hub: TestHub
let users = 0
const user = () => `user${(users += 1)}`

beforeAll(async () => {
  dovecot = await startDovecot()
  hub = await startTestHub({ clock: 'system', overrides: { allowedOrigins: [originOf(dovecot)] } })
})
afterAll(async () => {
  await hub?.check()
  await hub?.stop()
  await dovecot?.stop()
})

describe('a mailbox over IMAP', () => {
  it('takes in what waits and, by IDLE, what comes', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ subject: 'waits', text: 'first words' }))
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    const [first] = await box.storedCount(1)
    expect(first).toMatchObject({
      subject: 'waits',
      text: 'first words',
      head: { from: { address: 'chen@shop.example', name: 'Chen Wei' } },
    })
    await until('the inbox is well', async () => (await box.health()).state === 'ok')
    await dovecot.deliver(name, mailText({ subject: 'comes' }))
    const [, second] = await box.storedCount(2)
    expect(second?.subject).toBe('comes')
    expect((await box.deliveries()).map(({ status }) => status)).toEqual(['processed', 'processed'])
  })

  it('neither loses nor doubles mail without Message-ID or with a repeated one', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ messageId: null, subject: 'a', text: 'one' }))
    await dovecot.deliver(name, mailText({ messageId: null, subject: 'a', text: 'two' }))
    await dovecot.deliver(name, mailText({ messageId: '<same@shop.example>', subject: 'b', text: 'three' }))
    await dovecot.deliver(name, mailText({ messageId: '<same@shop.example>', subject: 'b', text: 'four' }))
    const twice = mailText({ messageId: '<twice@shop.example>', subject: 'c', text: 'five' })
    await dovecot.deliver(name, twice)
    await dovecot.deliver(name, twice)
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    await until('all six are in the ledger', async () => (await box.deliveries()).length === 6)
    expect((await box.stored()).map(({ text }) => text).toSorted()).toEqual(['five', 'four', 'one', 'three', 'two'])
    expect((await box.deliveries()).map(({ status }) => status).toSorted()).toEqual(['duplicate', ...Array<string>(5).fill('processed')])
  })

  it('catches up after an outage of days, in order', async () => {
    const name = user()
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    await until('the inbox listens', async () => (await box.health()).state === 'ok')
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: false })
    const day = 86_400_000
    for (const [i] of Array.from({ length: 50 }).entries()) {
      await dovecot.deliver(name, mailText({ subject: `day ${i}` }), { at: Date.now() - 5 * day + i * 3_600_000 })
    }
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: true })
    const all = await box.storedCount(50)
    expect(all.map(({ subject }) => subject)).toEqual(Array.from({ length: 50 }, (_, i) => `day ${i}`))
  })

  it('reads a folder again whose uids became void, without doubles', async () => {
    const name = user()
    for (const subject of ['one', 'two']) await dovecot.deliver(name, mailText({ subject }))
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    await box.storedCount(2)
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: false })
    dovecot.doveadm('mailbox', 'update', '-u', name, '--uid-validity', '1999999999', 'INBOX')
    await dovecot.deliver(name, mailText({ subject: 'three' }))
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: true })
    const all = await box.storedCount(3)
    expect(all.map(({ subject }) => subject)).toEqual(['one', 'two', 'three'])
    const outcomes = (await box.deliveries()).map(({ status }) => status)
    expect(outcomes.filter((status) => status === 'duplicate')).toHaveLength(2)
  })

  it('goes on after mail was expunged and after the folder was renamed', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ subject: 'old' }), { folder: 'Desk' })
    const box = await makeMailInbox(hub, imapConfig(dovecot, name, { folder: 'Desk' }))
    await box.storedCount(1)
    dovecot.doveadm('expunge', '-u', name, 'mailbox', 'Desk', 'all')
    await dovecot.deliver(name, mailText({ subject: 'after expunge' }), { folder: 'Desk' })
    await box.storedCount(2)
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: false })
    dovecot.doveadm('mailbox', 'rename', '-u', name, 'Desk', 'Archive')
    await dovecot.deliver(name, mailText({ subject: 'after rename' }), { folder: 'Archive' })
    await updateInbox(hub.ctx, systemViewer, box.inboxId, { enabled: true })
    const all = await box.storedCount(3)
    expect(all.map(({ subject }) => subject)).toEqual(['old', 'after expunge', 'after rename'])
    const health = await until('the new name is told', async () => {
      const found = await box.health()
      return found.state === 'degraded' ? found : null
    })
    expect(health.detail).toContain('"Archive"')
  })

  it('connects again after the server went away, and says since when it was gone', async () => {
    const own = await startDovecot()
    const alone = await startTestHub({ clock: 'system', overrides: { allowedOrigins: [originOf(own)] } })
    try {
      const box = await makeMailInbox(alone, imapConfig(own, 'ann'))
      await own.deliver('ann', mailText({ subject: 'before' }))
      await box.storedCount(1)
      await own.pause()
      await own.deliver('ann', mailText({ subject: 'meanwhile' }))
      const health = await until('the outage is told', async () => {
        const found = await box.health()
        return found.state === 'degraded' ? found : null
      })
      expect(health.detail).toMatch(/look at the port|breaks off/)
      expect(health.since).toBeGreaterThan(Date.now() - 60_000)
      await own.resume()
      await box.storedCount(2)
      await until('the inbox is well again', async () => (await box.health()).state === 'ok')
    } finally {
      await alone.stop()
      await own.stop()
    }
  })

  it('keeps an unreadable mail quarantined with its bytes and reads those behind it', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ subject: 'good' }))
    const bomb = `From: x@shop.example\r\nSubject: bomb\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(3_000)}--b--\r\n`
    await dovecot.deliver(name, bomb)
    await dovecot.deliver(name, mailText({ subject: 'behind' }))
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    const all = await box.storedCount(2)
    expect(all.map(({ subject }) => subject)).toEqual(['good', 'behind'])
    const [bad] = (await box.deliveries()).filter(({ status }) => status === 'quarantined')
    expect(bad?.error).toMatch(/limit|more than 1000 parts/i)
    const { session } = await hub.ctx.inboxes.get(box.inboxId)
    const chunks: Uint8Array[] = []
    for await (const chunk of (await session.openSource?.(bad?.raw ?? '')) ?? []) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe(bomb)
    await dovecot.deliver(name, mailText({ subject: 'later' }))
    await box.storedCount(3)
    expect((await box.deliveries()).filter(({ status }) => status === 'quarantined')).toHaveLength(1)
  })

  it('takes in only the wanted days of a mailbox that is new to it', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ subject: 'years ago' }), { at: Date.now() - 800 * 86_400_000 })
    await dovecot.deliver(name, mailText({ subject: 'yesterday' }), { at: Date.now() - 86_400_000 })
    const box = await makeMailInbox(hub, imapConfig(dovecot, name, { firstImportDays: 3 }))
    expect((await box.storedCount(1)).map(({ subject }) => subject)).toEqual(['yesterday'])
    const other = await makeMailInbox(hub, imapConfig(dovecot, name, { firstImportDays: 0, address: 'new@desk.example' }))
    await until('it listens', async () => (await other.health()).state === 'ok')
    expect(await other.stored()).toEqual([])
  })

  it('marks what was in the spam folder and reads several folders at once', async () => {
    const name = user()
    await dovecot.deliver(name, mailText({ subject: 'ham' }))
    await dovecot.deliver(name, mailText({ subject: 'spam' }), { folder: 'Junk' })
    const box = await makeMailInbox(hub, imapConfig(dovecot, name, { spamFolder: 'Junk' }))
    const all = await box.storedCount(2)
    expect(Object.fromEntries(all.map(({ subject, head }) => [subject, head.notices.includes('spam')]))).toEqual({ ham: false, spam: true })
  })

  it('takes a large attachment out of the stored mail', async () => {
    const name = user()
    const bytes = Buffer.alloc(1_000_000, 'abcdefghij')
    const mime = [
      'From: Chen <chen@shop.example>',
      'Subject: picture',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'see below',
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename="../../evil\u202egpj.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      bytes.toString('base64').replace(/(.{76})/g, '$1\r\n'),
      '--b--',
      '',
    ].join('\r\n')
    await dovecot.deliver(name, mime)
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    const ready = await until('the file is here', async () => {
      const [mail] = await box.stored()
      const media = mail?.parts.find((part) => part.type === 'media')
      return media?.state === 'ready' ? media : null
    })
    expect(ready).toMatchObject({ name: 'evil gpj.bin', bytes: bytes.length })
  })

  it('stores everything of a folder whose files were delivered out of order', async () => {
    const name = user()
    for (const subject of ['a', 'b', 'c']) await dovecot.deliver(name, mailText({ subject }))
    const box = await makeMailInbox(hub, imapConfig(dovecot, name))
    await box.storedCount(3)
    const from = dovecot.maildir(name)
    await dovecot.deliver(name, mailText({ subject: 'd' }), { folder: 'Other' })
    const { readdirSync } = await import('node:fs')
    for (const file of readdirSync(`${from}/.Other/new`)) await rename(`${from}/.Other/new/${file}`, `${from}/new/${file}`)
    expect((await box.storedCount(4)).map(({ subject }) => subject)).toEqual(['a', 'b', 'c', 'd'])
  })
})

import { describe, expect, it } from 'vitest'
import { sweep } from '../../../src/jobs/sweep.ts'
import { newId } from '../../../src/lib/ids.ts'
import type { Problem } from '../../../src/wire/errors.ts'
import type { UploadTicket, VisitorFile } from '../../../src/wire/visitor.ts'
import { visit } from '../../realtime/browser.ts'
import { makeCentre } from '../../support/centre.ts'
import { databases, publicUrl, useHub } from '../../support/hub.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe.each(databases)('an upload that nobody sends, %s', (database) => {
  const hub = useHub({ database })

  const headersOf = (token: string) => ({ origin: publicUrl, authorization: `Bearer ${token}` })
  const asked = async (inboxId: string, token: string, name: string): Promise<Response> =>
    fetch(`${hub().url}/chat/${inboxId}/tickets`, {
      method: 'POST',
      headers: { ...headersOf(token), 'content-type': 'application/json' },
      body: JSON.stringify({ name, bytes: Buffer.byteLength(name) }),
    })
  /** Uploads a file that holds its own name. */
  const uploaded = async (inboxId: string, token: string, name: string): Promise<VisitorFile> => {
    const { ticket } = (await (await asked(inboxId, token, name)).json()) as UploadTicket
    const answer = await fetch(`${hub().url}/chat/${inboxId}/files/${ticket}`, {
      method: 'POST',
      headers: { ...headersOf(token), 'x-file-name': name },
      body: name,
    })
    expect(answer.status).toBe(201)
    return (await answer.json()) as VisitorFile
  }

  it('goes after a day, row and bytes; what a message names stays', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { ctx } = hub()
    const browser = await visit(hub(), webchatInboxId)
    const [left, sent] = await Promise.all(['left', 'sent'].map((name) => uploaded(webchatInboxId, browser.token, name)))
    await browser.get('message.send', { clientId: newId(), parts: [{ type: 'file', fileId: sent?.fileId ?? '' }] })
    const kept = async () => (await ctx.store.db.select().from(ctx.store.t.files)).map(({ name }) => name).toSorted()
    const key = (await ctx.store.db.select().from(ctx.store.t.files)).find(({ id }) => id === left?.fileId)?.blobKey ?? ''
    hub().fake.jump(23 * hourMs)
    await sweep(ctx)
    expect(await kept()).toEqual(['left', 'sent'])
    hub().fake.jump(hourMs)
    await sweep(ctx)
    expect(await kept()).toEqual(['sent'])
    await expect(ctx.blobs.get(key)).rejects.toMatchObject({ kind: 'not_found' })
    browser.close()
  })

  it('is one of thirty in ten minutes at most', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const browser = await visit(hub(), webchatInboxId)
    const ask = () => asked(webchatInboxId, browser.token, 'more')
    // What is sent at once leaves room for the next; only the number in ten minutes is left to refuse it.
    for (let message = 0; message < 6; message += 1) {
      const parts = []
      for (let n = 0; n < 5; n += 1) {
        const { fileId } = await uploaded(webchatInboxId, browser.token, `f${message}-${n}`)
        parts.push({ type: 'file' as const, fileId })
      }
      await browser.get('message.send', { clientId: newId(), parts })
    }
    for (let n = 0; n < 2; n += 1) {
      const refused = await ask()
      expect(refused.status).toBe(429)
      expect(((await refused.json()) as Problem).code).not.toBe('unsent_files')
    }
    browser.close()
    await hub().fake.advance(10 * minuteMs)
    expect((await ask()).status).toBe(201)
  })
})

import { describe, expect, it } from 'vitest'
import { sweep } from '../../../src/jobs/sweep.ts'
import { newId } from '../../../src/lib/ids.ts'
import type { VisitorFile } from '../../../src/wire/visitor.ts'
import { visit } from '../../realtime/browser.ts'
import { makeCentre } from '../../support/centre.ts'
import { databases, publicUrl, useHub } from '../../support/hub.ts'

const hourMs = 3_600_000

describe.each(databases)('an upload that nobody sends, %s', (database) => {
  const hub = useHub({ database })

  const uploaded = async (inboxId: string, token: string, name: string): Promise<Response> =>
    fetch(`${hub().url}/chat/${inboxId}/files`, {
      method: 'POST',
      headers: { origin: publicUrl, authorization: `Bearer ${token}`, 'x-file-name': name },
      body: name,
    })

  it('goes after a day, row and bytes; what a message names stays', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { ctx } = hub()
    const browser = await visit(hub(), webchatInboxId)
    const [left, sent] = await Promise.all(
      ['left', 'sent'].map(async (name) => (await (await uploaded(webchatInboxId, browser.token, name)).json()) as VisitorFile),
    )
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
    const answers = []
    for (let n = 0; n < 32; n += 1) answers.push((await uploaded(webchatInboxId, browser.token, `f${n}`)).status)
    expect(answers).toEqual([...Array.from({ length: 30 }, () => 201), 429, 429])
    browser.close()
  })
})

import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/wire/messages.ts'
import { apiOf } from '../support/agent-client.ts'
import { databases, useHub } from '../support/hub.ts'
import { advanceUntil, type Talk, talk } from '../support/talk.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const mp4 = Buffer.from('000000206674797069736f6d0000020069736f6d69736f32617663316d703431', 'hex')

describe.each(databases)('media from LINE, %s', (database) => {
  const hub = useHub({ database })

  const partsOf = async (t: Talk) => {
    const { body } = await apiOf(hub(), t.centre.agent('ann')).get<{ items: Message[] }>(
      `/api/v1/conversations/${t.conversationId}/messages`,
    )
    return body.items.flatMap(({ parts }) => parts).filter((part) => part.type === 'media')
  }
  const newest = async (t: Talk) => (await partsOf(t)).at(-1)
  const becomes = (t: Talk, state: string, stepMs = 2_000) =>
    advanceUntil(hub(), `the medium is ${state}`, stepMs, async () => {
      const part = await newest(t)
      return part?.state === state ? part : null
    })

  it('that take minutes to be prepared (202) are asked for until they are there', async () => {
    const t = await talk(hub())
    await t.chen.sendVideo({ bytes: mp4, mime: 'video/mp4', prepareMs: 5 * 60_000 }, 60_000)
    await hub().fake.advance(60_000)
    expect(await newest(t)).toMatchObject({ state: 'pending' })
    expect(await becomes(t, 'ready', 20_000)).toMatchObject({ kind: 'video', mime: 'video/mp4', bytes: mp4.byteLength })
    const asked = t.centre.line.account.calls().filter(({ path }) => path.endsWith('/content'))
    expect(asked.length).toBeLessThan(25)
    t.close()
  })

  it('that cannot be prepared have failed at once, as the platform says', async () => {
    const t = await talk(hub())
    t.centre.line.account.setSwitches({ failsTranscoding: true })
    await t.chen.sendVideo({ bytes: mp4, mime: 'video/mp4' }, 60_000)
    await becomes(t, 'failed')
    t.close()
  })

  it('whose download breaks off are fetched again, and are whole or not there', async () => {
    const t = await talk(hub())
    t.centre.line.account.failNext({ kind: 'cut_content' }, /content$/)
    await t.chen.sendImage({ bytes: png, mime: 'image/png' })
    expect(await becomes(t, 'ready')).toMatchObject({ kind: 'image', bytes: png.byteLength })
    t.close()
  })

  it('are what their bytes say, whatever the platform calls them', async () => {
    const t = await talk(hub())
    await t.chen.sendImage({ bytes: Buffer.from('<script>alert(1)</script>'), mime: 'image/png' })
    expect(await becomes(t, 'ready')).toMatchObject({ kind: 'file', mime: 'application/octet-stream' })
    t.close()
  })

  it('that were taken back leave no bytes, also when that happens while they are fetched', async () => {
    const t = await talk(hub())
    const { messageId } = await t.chen.sendImage({ bytes: png, mime: 'image/png', prepareMs: 60_000 })
    await hub().fake.advance(2_000)
    await t.chen.unsend(messageId)
    await hub().fake.advance(120_000)
    const { store } = hub().ctx
    const rows = await store.db.select().from(store.t.files).where(eq(store.t.files.inboxId, t.centre.line.inboxId))
    expect(rows).toMatchObject([{ state: 'gone', blobKey: null }])
    expect(await partsOf(t)).toEqual([])
    t.close()
  })

  it('sent as an album carry where they stand in it', async () => {
    const t = await talk(hub())
    for (const index of [2, 1])
      await t.chen.sendImage({ bytes: png, mime: 'image/png' }, { extra: { imageSet: { id: 'set1', index, total: 2 } } })
    await becomes(t, 'ready')
    expect((await partsOf(t)).map((part) => part.album)).toEqual([
      { id: 'set1', index: 2, total: 2 },
      { id: 'set1', index: 1, total: 2 },
    ])
    t.close()
  })
})

import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { checkInbox } from '../../src/services/inboxes/check-inbox.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf, textsOf } from '../support/facts.ts'
import { databases, publicUrl, useHub } from '../support/hub.ts'
import { passTime, talk } from '../support/talk.ts'
import { until } from '../support/until.ts'

describe.each(databases)('a LINE account, %s', (database) => {
  const hub = useHub({ database })

  it('takes webhooks signed with the former secret for a day after it was replaced', async () => {
    const { line } = await makeCentre(hub())
    const { config } = await hub().ctx.inboxes.get(line.inboxId)
    const { channelSecret: former, ...rest } = config as Record<string, unknown>
    const next = 'a-new-secret-0123456789abcdef'
    await updateInbox(hub().ctx, systemViewer, line.inboxId, { config: { ...rest, channelSecret: next } })
    const body = JSON.stringify({ destination: line.account.options.botUserId, events: [] })
    const post = async (secret: unknown) => {
      const signature = createHmac('sha256', String(secret)).update(body).digest('base64')
      return (await line.account.postEvents([], signature)).status
    }
    expect(await post(former)).toBe(200)
    expect(await post(next)).toBe(200)
    await passTime(hub(), 25 * 3_600_000)
    expect(await post(former)).toBe(403)
    expect(await post(next)).toBe(200)
  })

  it('says what is wrong with it, and that all is well once it is mended', async () => {
    const { line } = await makeCentre(hub())
    const check = async () => (await checkInbox(hub().ctx, systemViewer, line.inboxId)).health
    expect(await check()).toMatchObject({ state: 'webhook_silent', detail: 'webhook_elsewhere' })
    const { options } = line.account
    hub().line.account({ ...options, webhookUrl: `${publicUrl}/webhooks/line/${line.inboxId}` })
    expect(await check()).toMatchObject({ state: 'ok', detail: null })
    hub().line.account({ ...options, channelAccessToken: 'another token that is good now' })
    expect(await check()).toMatchObject({ state: 'auth_failed', detail: 'token' })
  })

  it('keeps every message once and in its place while the platform repeats and reorders all events', async () => {
    const { centre, chen, close } = await talk(hub())
    const { account } = centre.line
    account.setSwitches({ duplicates: true })
    for (const text of ['a', 'b']) await chen.sendText(text)
    account.setSwitches({ duplicates: false, reorders: true })
    for (const text of ['c', 'd']) await chen.sendText(text)
    account.setSwitches({ reorders: false })
    const said = await until('all have come', async () => {
      const { messages } = await factsOf(hub(), centre.line.inboxId)
      const texts = textsOf(messages.filter(({ direction }) => direction === 'in'))
      return texts.length >= 5 ? texts : null
    })
    expect(said.toSorted()).toEqual(['a', 'b', 'c', 'd', 'hello'])
    close()
  })

  it('pushes when the platform lets reply tokens live shorter than usual, and loses nothing', async () => {
    const { centre, answer, shown, close } = await talk(hub())
    centre.line.account.setSwitches({ tokenLifeMs: 0 })
    await hub().fake.advance(1_000)
    await answer('still here')
    await until('it has arrived', () => shown().includes('still here'))
    expect(centre.line.account.quotaUsed()).toBe(1)
    close()
  })
})

import { describe, expect, it } from 'vitest'
import type { Channel, Outbound, SendResult } from '../../../channels/contract.ts'
import { line } from '../../../channels/line/index.ts'
import { webchat } from '../../../channels/webchat/index.ts'
import { databases, useHub } from '../../support/hub.ts'
import { advanceUntil, becomes, standingOf, talk } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

/** Longer than a worker's lease. */
const leaseMs = 61_000

/** Workers that die at a moment of their work: they never come back from it, as after a power cut. */
const dying: { before: boolean; after: boolean; readonly graves: ((result: SendResult) => void)[] } = {
  before: false,
  after: false,
  graves: [],
}

const grave = () => new Promise<SendResult>((resolve) => void dying.graves.push(resolve))

const mortal: Channel = {
  ...line,
  open: (config, kit) => {
    const session = line.open(config, kit)
    const send = async (out: Outbound, signal: AbortSignal): Promise<SendResult> => {
      if (dying.before) return grave()
      const result = await session.send(out, signal)
      return dying.after ? grave() : result
    }
    return { ...session, send }
  },
}

/** What the dead knew comes back at last; by then it must be nobody's business. */
function riseAgain(): void {
  for (const rise of dying.graves.splice(0)) rise({ status: 'rejected', error: { code: 'late', detail: 'from beyond' } })
}

describe.each(databases)('a worker that dies while it sends, %s (F03)', (database) => {
  const hub = useHub({ database, overrides: { channels: [mortal, webchat] } })

  it.each(['before', 'after'] as const)('%s the provider took a push: it is sent again under its key, and arrives once', async (moment) => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    dying[moment] = true
    const id = await t.answer('once')
    const behind = await t.answer('behind')
    await until('the worker is gone', () => dying.graves.length === 1)
    dying[moment] = false
    expect(await standingOf(hub(), id)).toMatchObject({ status: 'sending', attempts: 1 })
    await hub().fake.advance(10_000)
    expect(await standingOf(hub(), behind)).toMatchObject({ status: 'queued', attempts: 0 })
    hub().fake.jump(leaseMs)
    await advanceUntil(hub(), 'both are accepted', 4_000, async () => {
      const standings = await Promise.all([id, behind].map((messageId) => standingOf(hub(), messageId)))
      return standings.every(({ status }) => status === 'accepted')
    })
    riseAgain()
    await hub().fake.advance(2_000)
    expect(await standingOf(hub(), id)).toMatchObject({ status: 'accepted', attempts: 2, error: null })
    expect(t.shown()).toEqual(['once', 'behind'])
    t.close()
  })

  it('after it used the reply token: nobody can know, so it ends unconfirmed and says so', async () => {
    const t = await talk(hub())
    dying.after = true
    const id = await t.answer('perhaps')
    await until('the worker is gone', () => dying.graves.length === 1)
    dying.after = false
    hub().fake.jump(leaseMs)
    await hub().fake.advance(4_000)
    expect(await becomes(hub(), id, 'unconfirmed')).toMatchObject({ attempts: 1, error: { code: 'outcome_lost' } })
    const behind = await t.answer('behind')
    await becomes(hub(), behind, 'accepted')
    riseAgain()
    await hub().fake.advance(2_000)
    expect(await standingOf(hub(), id)).toMatchObject({ status: 'unconfirmed' })
    expect(t.shown()).toEqual(['perhaps', 'behind'])
    t.close()
  })

  it('before it used the reply token: it is sent after all', async () => {
    const t = await talk(hub())
    dying.before = true
    const id = await t.answer('once')
    await until('the worker is gone', () => dying.graves.length === 1)
    dying.before = false
    hub().fake.jump(leaseMs)
    await advanceUntil(hub(), 'it is accepted', 4_000, async () => (await standingOf(hub(), id)).status === 'accepted')
    riseAgain()
    expect(t.shown()).toEqual(['once'])
    t.close()
  })
})

import { describe, expect, it } from 'vitest'
import type { ApiFault } from '../../../channels/line/sandbox.ts'
import type { Message } from '../../../src/wire/messages.ts'
import { agentSocket, apiOf } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { useHub } from '../../support/hub.ts'
import { until } from '../../support/until.ts'

/** Attempts after which a message is given up, and a time in which they all have taken place. */
const attempts = 10
const step = 400_000

describe('a message that cannot be handed over for good', () => {
  const hub = useHub()

  /** Sends one message into faults and waits for its end. */
  async function endOf(faults: readonly ApiFault[]) {
    const { agent, customer, line } = await makeCentre(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer('Chen Wei')
    await chen.sendText('hello')
    const conversationId = await ann.acceptNext()
    for (const fault of faults) line.account.failNext(fault, /push$/)
    const { message } = await ann.ask('message.send', {
      conversationId,
      clientId: 'client-1',
      parts: [{ type: 'text', text: 'are you there?' }],
    })
    const pushes = () => line.account.calls().filter(({ path }) => path.endsWith('/push')).length
    ann.close()
    const ended = await until('it has ended', async () => {
      const { body } = await apiOf(hub(), agent('ann')).get<Message>(`/api/v1/messages/${message.id}`)
      const status = body.delivery?.status ?? ''
      if (status !== 'queued' && status !== 'sending') return body
      if (status === 'queued' && pushes() > 0) await hub().fake.advance(step)
      return null
    })
    const shown = line.account.thread(chen.userId).entries.filter(({ from }) => from === 'account').length
    return { status: ended.delivery?.status, pushes: pushes(), shown }
  }

  const refused: ApiFault = { kind: 'answer', status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } }
  const lost: ApiFault = { kind: 'lose_answer' }

  it('has failed when every attempt was turned away', async () => {
    expect(await endOf(Array.from({ length: attempts }, () => refused))).toEqual({ status: 'failed', pushes: attempts, shown: 0 })
  })

  it('stays unconfirmed when one of the attempts may have been taken', async () => {
    const faults = Array.from({ length: attempts }, (_, at) => (at === 1 ? lost : refused))
    expect(await endOf(faults)).toEqual({ status: 'unconfirmed', pushes: attempts, shown: 1 })
  })

  it('is accepted, once, when a later attempt finds the earlier one', async () => {
    expect(await endOf([lost])).toEqual({ status: 'accepted', pushes: 2, shown: 1 })
  })
})

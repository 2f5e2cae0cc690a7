import { describe, expect, it } from 'vitest'
import { agentSocket } from '../../support/agent-client.ts'
import { makeCentre } from '../../support/centre.ts'
import { useHub } from '../../support/hub.ts'
import { until } from '../../support/until.ts'

describe('an agent who types', () => {
  const hub = useHub()

  it('is seen typing by the customer, in the conversation they hold; others who look on are not', async () => {
    const { agent, customer, line } = await makeCentre(hub(), { agents: { ann: {}, sam: { role: 'supervisor' } } })
    const ann = await agentSocket(hub(), agent('ann'))
    await ann.goAvailable()
    const chen = customer('Chen Wei')
    await chen.sendText('hello')
    const conversationId = await ann.acceptNext()
    const sam = await agentSocket(hub(), agent('sam'))
    const type = async (console: typeof ann) => {
      await console.ask('thread.open', { conversationId })
      await console.ask('typing', { conversationId })
    }
    const signs = () => line.account.calls().filter(({ path }) => path.endsWith('/loading/start'))
    await type(sam)
    // What was asked for after Sam's sign has arrived: so would the sign have.
    await ann.ask('message.send', { conversationId, clientId: 'client-1', parts: [{ type: 'text', text: 'hi' }] })
    await until('the message has arrived', () => line.account.thread(chen.userId).entries.some(({ from }) => from === 'account'))
    expect(signs()).toEqual([])
    await type(ann)
    await until('the customer sees it', () => signs().length > 0)
    expect(signs().map(({ body, status }) => [body, status])).toEqual([[{ chatId: chen.userId, loadingSeconds: 20 }, 202]])
    ann.close()
    sam.close()
  })
})

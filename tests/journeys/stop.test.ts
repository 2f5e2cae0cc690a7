import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { agentSocket } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { databases, startTestHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { visitor } from '../support/visitor.ts'

describe.each(databases)('a hub that is told to stop, %s', (database) => {
  it('ends within seconds, with consoles, visitors and half a request open', async () => {
    const hub = await startTestHub({ database, clock: 'system' })
    const { agent, webchatInboxId } = await makeCentre(hub)
    const ann = await agentSocket(hub, agent('ann'))
    await ann.goAvailable()
    const browser = await visitor(hub, webchatInboxId)
    await browser.say('hello')
    await ann.acceptNext()
    const half = request(`${hub.url}/api/v1/session`, { method: 'POST', headers: { 'content-length': '100' } })
    half.on('error', () => undefined)
    half.write('{')
    const begun = performance.now()
    await hub.stop()
    expect(performance.now() - begun).toBeLessThan(5_000)
    await until('both are told', () => !ann.socket.connected)
    half.destroy()
    browser.close()
  })
})

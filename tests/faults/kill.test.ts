import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Centre, makeCentre } from '../support/centre.ts'
import { factsOf } from '../support/facts.ts'
import { databases, startTestHub, type TestHub } from '../support/hub.ts'
import { type HubProcess, startHubProcess } from '../support/hub-process.ts'
import { sparePort } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { postEvents, textEvent } from '../support/webhooks.ts'

/** Kills in one run; the benchmark has twenty. */
const kills = 3
const senders = 8

/** A platform that sends each event until it is acknowledged, and some of them again after that. */
class Platform {
  /** Message ids of the events that were answered with 200. */
  readonly acknowledged = new Set<string>()
  /** Answers that were neither 200 nor none at all. */
  readonly refusals: number[] = []
  unanswered = 0
  readonly #centre: Centre
  readonly #webhookUrl: string
  readonly #known: string[] = []
  #stopped = false

  constructor(centre: Centre, webhookUrl: string) {
    this.#centre = centre
    this.#webhookUrl = webhookUrl
  }

  /** Sends with several hands until `stop`; each ends with nothing unacknowledged in it. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: senders }, () => this.#hand()))
  }

  stop(): void {
    this.#stopped = true
  }

  async #hand(): Promise<void> {
    while (!this.#stopped) {
      const events = Array.from({ length: randomInt(5) === 0 ? 4 : 1 }, () => textEvent(this.#sender(), 'hello'))
      let repeats = randomInt(4) === 0 ? 1 : 0
      while (!(await this.#taken(events)) || repeats-- > 0);
      for (const { message } of events) this.acknowledged.add(message.id)
    }
  }

  /** A third of the customers write for the first time. */
  #sender(): string {
    const known = this.#known[randomInt(Math.max(1, this.#known.length))]
    if (known !== undefined && randomInt(3) > 0) return known
    const { userId } = this.#centre.customer()
    this.#known.push(userId)
    return userId
  }

  async #taken(events: readonly unknown[]): Promise<boolean> {
    try {
      const { status, body } = await postEvents({ ...this.#centre.line, webhookUrl: this.#webhookUrl }, events)
      await body?.cancel()
      if (status === 200) return true
      this.refusals.push(status)
    } catch {
      this.unanswered += 1
    }
    await pause(20)
    return false
  }
}

describe.each(databases)('a server that is killed under load, %s (F01, F02)', (database) => {
  let hub: TestHub
  let child: HubProcess | null = null
  beforeAll(async () => {
    hub = await startTestHub({ database, clock: 'system' })
  })
  afterAll(async () => {
    await child?.kill()
    await hub.stop()
  })

  it('has every acknowledged message once and no empty conversation, and serves again', async () => {
    const centre = await makeCentre(hub)
    const port = String(await sparePort())
    const platform = new Platform(centre, `http://127.0.0.1:${port}/webhooks/line/${centre.line.inboxId}`)
    await hub.suspend()
    const start = () => startHubProcess({ ...hub.env, PORT: port })
    child = await start()
    const stream = platform.run()
    for (let kill = 0; kill < kills; kill++) {
      const before = platform.acknowledged.size
      await until('something was acknowledged', () => platform.acknowledged.size > before, 60_000)
      await pause(randomInt(300, 900))
      await child.kill()
      child = await start()
    }
    await pause(300)
    platform.stop()
    await stream
    expect(await child.stop()).toBe(0)
    child = null
    await hub.resume()

    expect(platform.unanswered).toBeGreaterThan(0)
    expect(platform.refusals).toEqual([])
    const { messages, deliveries, conversations } = await factsOf(hub, centre.line.inboxId)
    const stored = messages.map(({ externalId }) => externalId ?? '')
    expect(new Set(stored).size).toBe(stored.length)
    expect([...platform.acknowledged].filter((id) => !new Set(stored).has(id))).toEqual([])
    expect(stored.filter((id) => !platform.acknowledged.has(id))).toEqual([])
    expect(deliveries.every(({ status }) => status === 'processed')).toBe(true)
    expect(conversations.length).toBeGreaterThan(0)
    await hub.check()
  })
})

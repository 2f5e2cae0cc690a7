import { randomBytes } from 'node:crypto'
import { readConfig } from '../config.ts'
import { assembleContext } from '../hub.ts'
import { ensureRoles } from '../services/access/ensure-administrator.ts'
import { systemViewer } from '../services/access/system-viewer.ts'
import { createAgent } from '../services/agents/create-agent.ts'
import type { ServiceContext } from '../services/context.ts'
import { createInbox } from '../services/inboxes/write-inbox.ts'
import { createQueue } from '../services/queues/write-queue.ts'
import { createApiToken } from '../services/tokens/create-api-token.ts'
import { queueSettingsSchema } from '../wire/queues.ts'
import { hubEnv } from './processes.ts'

/** The contact centre that is measured. */
export interface Centre {
  readonly dataDir: string
  readonly databaseFile: string
  readonly queueId: string
  readonly inboxId: string
  /** Path of the LINE inbox's webhook. */
  readonly path: string
  readonly channelSecret: string
  /** One a person. */
  readonly agents: readonly { readonly id: string; readonly token: string }[]
}

/** A provider's address that is refused before anything is sent: nothing leaves the machine. */
const nowhere = 'http://127.0.0.1:9'

/** Makes a queue, a LINE inbox and agents in a new database, by the use cases an administrator would use. */
export async function makeCentre(dataDir: string, agents: number): Promise<Centre> {
  return withCentreContext(dataDir, async (ctx) => {
    await ensureRoles(ctx)
    const settings = queueSettingsSchema.parse({})
    const queue = await createQueue(ctx, systemViewer, { name: 'Care', enabled: true, settings, memberIds: [] })
    const channelSecret = randomBytes(16).toString('hex')
    const inbox = await createInbox(ctx, systemViewer, {
      channel: 'line',
      name: 'LINE',
      queueId: queue.id,
      locale: 'zh-TW',
      enabled: true,
      restricted: false,
      memberIds: [],
      reopenWindowMs: 3 * 86_400_000,
      config: {
        channelId: '1650000001',
        channelSecret,
        channelAccessToken: randomBytes(24).toString('base64url'),
        providerId: 'bench',
        apiBaseUrl: nowhere,
        apiDataBaseUrl: nowhere,
      },
    })
    const people = []
    for (let i = 0; i < agents; i++) people.push(await makeAgent(ctx, i, queue.id))
    const path = `/webhooks/line/${inbox.id}`
    return { dataDir, databaseFile: `${dataDir}/onequeue.db`, queueId: queue.id, inboxId: inbox.id, path, channelSecret, agents: people }
  })
}

async function makeAgent(ctx: ServiceContext, index: number, queueId: string) {
  const { agent } = await createAgent(ctx, systemViewer, {
    email: `agent${index}@bench.test`,
    name: `Agent ${index}`,
    roleId: index === 0 ? 'supervisor' : 'agent',
    locale: 'en',
    queueIds: [queueId],
  })
  const { token } = await createApiToken(ctx, agent.id, { name: 'bench', permissions: ['*'] })
  return { id: agent.id, token }
}

/** The use cases on a database that no hub runs on at the moment. */
export async function withCentreContext<T>(dataDir: string, work: (ctx: ServiceContext) => Promise<T>): Promise<T> {
  const { ctx, stop } = await assembleContext(readConfig(hubEnv(dataDir, 3_000)))
  try {
    return await work(ctx)
  } finally {
    await stop()
  }
}

import { randomBytes } from 'node:crypto'
import type { LineSandboxAccount, LineSandboxUser } from '../../channels/line/sandbox.ts'
import type { Viewer } from '../../src/core/access/authorize.ts'
import { loadViewer } from '../../src/services/access/load-viewer.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createAgent } from '../../src/services/agents/create-agent.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import { createQueue } from '../../src/services/queues/write-queue.ts'
import { createSkill } from '../../src/services/skills/write-skill.ts'
import { createApiToken } from '../../src/services/tokens/create-api-token.ts'
import type { CapacityOverrides } from '../../src/wire/agents.ts'
import { type QueueSettings, queueSettingsSchema } from '../../src/wire/queues.ts'
import { lineOriginOf, type TestHub } from './hub.ts'

/** The password of every agent of a test centre who can log in. */
export const password = 'correct horse battery'

/** Somebody who works in a test centre. */
export interface TestAgent {
  readonly id: string
  readonly name: string
  readonly email: string
  /** An API token with all the agent's rights; log-ins with a password are `logIn`'s. */
  readonly token: string
  /** What they may do and see now. */
  viewer(): Promise<Viewer>
}

/** A LINE account of a test centre, at both ends. */
export interface TestLineInbox {
  readonly inboxId: string
  readonly channelSecret: string
  readonly webhookUrl: string
  /** The stand-in platform's side. */
  readonly account: LineSandboxAccount
}

/** What an agent of a test centre is like; the rest is usual. */
export interface AgentTraits {
  readonly role?: 'agent' | 'supervisor' | 'admin'
  /** Skill name → level. */
  readonly skills?: Readonly<Record<string, number>>
  readonly capacity?: CapacityOverrides
  /** Queues by name; all of the centre when left out. */
  readonly queues?: readonly string[]
  /** Whether they can log in with `password`; false when left out, which saves the costly hash: their token works all the same. */
  readonly logsIn?: boolean
}

/** How a test centre is made. */
export interface CentreOptions {
  /** Queue name → rules that differ from the defaults; one queue "main" when left out. The first one's inboxes lead into it. */
  readonly queues?: Readonly<Record<string, Partial<QueueSettings>>>
  /** Agent name → traits; one agent "ann" when left out. */
  readonly agents?: Readonly<Record<string, AgentTraits>>
  /** Milliseconds; 3 days when left out. */
  readonly reopenWindowMs?: number
  /** Settings of the LINE account beyond those that connect it. */
  readonly lineConfig?: Readonly<Record<string, unknown>>
  readonly locale?: string
}

/** A small contact centre of its own on a shared hub: nothing of it is shared with another. */
export interface Centre {
  readonly hub: TestHub
  readonly line: TestLineInbox
  readonly webchatInboxId: string
  /** @throws Error for a name the centre was not made with. */
  queue(name: string): string
  agent(name: string): TestAgent
  skill(name: string): string
  /** A further LINE account, of the same provider unless `config` says otherwise. */
  addLine(config?: Readonly<Record<string, unknown>>): Promise<TestLineInbox>
  /** A customer with the LINE app. */
  customer(name?: string): LineSandboxUser
}

let made = 0

/** Makes queues, agents with skills, a LINE and a web chat inbox by the use cases an administrator would use. */
export async function makeCentre(hub: TestHub, options: CentreOptions = {}): Promise<Centre> {
  const place = `c${(made += 1)}${randomBytes(3).toString('hex')}`
  const skills = await makeSkills(hub, place, options.agents ?? {})
  const queues = await makeQueues(hub, place, options.queues ?? { main: {} }, skills)
  const agents = await makeAgents(hub, place, options.agents ?? { ann: {} }, queues, skills)
  const [firstQueue = ''] = queues.values()
  const common = {
    queueId: firstQueue,
    locale: options.locale ?? 'en',
    enabled: true,
    restricted: false,
    memberIds: [],
    reopenWindowMs: options.reopenWindowMs ?? 3 * 86_400_000,
  }
  const addLine = (config: Readonly<Record<string, unknown>> = {}) =>
    connectLine(hub, place, { ...common, config: { ...options.lineConfig, ...config } })
  const line = await addLine()
  const webchat = await createInbox(hub.ctx, systemViewer, { ...common, channel: 'webchat', name: `${place} web`, config: {} })
  return {
    hub,
    line,
    webchatInboxId: webchat.id,
    queue: (name) => of(queues, 'queue', name),
    agent: (name) => of(agents, 'agent', name),
    skill: (name) => of(skills, 'skill', name),
    addLine,
    customer: (name = 'Chen Wei') => line.account.user({ displayName: name, userId: `U${randomBytes(16).toString('hex')}` }),
  }
}

function of<T>(all: ReadonlyMap<string, T>, what: string, name: string): T {
  const found = all.get(name)
  if (found === undefined) throw new Error(`This centre has no ${what} "${name}".`)
  return found
}

async function makeSkills(hub: TestHub, place: string, agents: Readonly<Record<string, AgentTraits>>): Promise<Map<string, string>> {
  const names = new Set(Object.values(agents).flatMap(({ skills }) => Object.keys(skills ?? {})))
  const skills = new Map<string, string>()
  for (const name of names) skills.set(name, (await createSkill(hub.ctx, systemViewer, `${place} ${name}`)).id)
  return skills
}

/** Rules name skills as the test does; they are put into the hub's ids. */
async function makeQueues(
  hub: TestHub,
  place: string,
  queues: NonNullable<CentreOptions['queues']>,
  skills: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const [name, rules] of Object.entries(queues)) {
    const requiredSkills = (rules.requiredSkills ?? []).map(({ skillId, minLevel }) => ({
      skillId: skills.get(skillId) ?? skillId,
      minLevel,
    }))
    const settings = queueSettingsSchema.parse({ ...rules, requiredSkills })
    ids.set(name, (await createQueue(hub.ctx, systemViewer, { name: `${place} ${name}`, enabled: true, settings, memberIds: [] })).id)
  }
  return ids
}

async function makeAgents(
  hub: TestHub,
  place: string,
  agents: Readonly<Record<string, AgentTraits>>,
  queues: ReadonlyMap<string, string>,
  skills: ReadonlyMap<string, string>,
): Promise<Map<string, TestAgent>> {
  const made = new Map<string, TestAgent>()
  for (const [name, traits] of Object.entries(agents)) {
    const email = `${name}.${place}@hub.test`
    const { agent } = await createAgent(hub.ctx, systemViewer, {
      email,
      name,
      roleId: traits.role ?? 'agent',
      locale: 'en',
      ...(traits.logsIn === true ? { password } : {}),
      ...(traits.capacity === undefined ? {} : { capacity: traits.capacity }),
      skills: Object.entries(traits.skills ?? {}).map(([skill, level]) => ({ skillId: of(skills, 'skill', skill), level })),
      queueIds: traits.queues === undefined ? [...queues.values()] : traits.queues.map((queue) => of(queues, 'queue', queue)),
    })
    const { token } = await createApiToken(hub.ctx, agent.id, { name: 'tests', permissions: ['*'] })
    made.set(name, { id: agent.id, name, email, token, viewer: () => viewerOf(hub, agent.id) })
  }
  return made
}

async function viewerOf({ ctx }: TestHub, agentId: string): Promise<Viewer> {
  const viewer = await loadViewer(ctx, agentId)
  if (viewer === null) throw new Error(`The agent ${agentId} may do nothing.`)
  return viewer
}

type InboxCommon = Omit<Parameters<typeof createInbox>[2], 'channel' | 'name'>

let lineChannels = 1_650_000_000

async function connectLine(hub: TestHub, place: string, common: InboxCommon): Promise<TestLineInbox> {
  const channelId = String((lineChannels += 1))
  const channelSecret = randomBytes(16).toString('hex')
  const channelAccessToken = randomBytes(24).toString('base64url')
  const origin = lineOriginOf(hub)
  const config = {
    channelId,
    channelSecret,
    channelAccessToken,
    providerId: place,
    apiBaseUrl: origin,
    apiDataBaseUrl: origin,
    ...common.config,
  }
  const { id: inboxId } = await createInbox(hub.ctx, systemViewer, {
    ...common,
    channel: 'line',
    name: `${place} LINE ${channelId}`,
    config,
  })
  const webhookUrl = `${hub.url}/webhooks/line/${inboxId}`
  const account = hub.line.account({ channelId, channelSecret, channelAccessToken, displayName: place, webhookUrl })
  return { inboxId, channelSecret, webhookUrl, account }
}

import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import { createApiServer } from './sandbox/api-server.ts'
import { eventOf, LineSandboxUser } from './sandbox/customer.ts'
import { createPhones, type LinePhones } from './sandbox/phone.ts'
import {
  type AccountOptions,
  type AccountState,
  type ApiCall,
  type ApiFault,
  type Person,
  Platform,
  plainSwitches,
  type SandboxOptions,
  type Switches,
  type Thread,
  threadOf,
  type WebhookFault,
} from './sandbox/platform.ts'
import { type ChatHistory, restoreChat } from './sandbox/restore.ts'
import { type WebhookAttempt, WebhookSender } from './sandbox/webhook-sender.ts'

export type { CustomerAct, CustomerMessage, LineSandboxUser } from './sandbox/customer.ts'
export type {
  AccountOptions,
  ApiCall,
  ApiFault,
  Person,
  SandboxOptions,
  Switches,
  Thread,
  TranscriptEntry,
  WebhookFault,
} from './sandbox/platform.ts'
export type { ChatHistory } from './sandbox/restore.ts'

/** How a person appears to an account. */
export interface PersonOptions {
  /** Derived from the name when left out, so that a demo's customers stay the same. */
  readonly userId?: string
  readonly displayName: string
  /** BCP 47; null when the person does not tell. */
  readonly language?: string | null
  readonly pictureUrl?: string | null
  /** Whether the person has added the account as a friend; true when left out. */
  readonly friend?: boolean
}

/** A group in which the account is. Each act resolves after the first attempt of its webhook. */
export interface SandboxGroup {
  readonly groupId: string
  join(): Promise<WebhookAttempt>
  leave(): Promise<WebhookAttempt>
  add(userIds: readonly string[]): Promise<WebhookAttempt>
  remove(userIds: readonly string[]): Promise<WebhookAttempt>
}

/** One official account of the stand-in platform, with its customers, and with what tests may do to it. */
export interface LineSandboxAccount {
  readonly options: Required<AccountOptions>
  /** Adds a person, or gives the one that is there. */
  user(options: PersonOptions): LineSandboxUser
  /** A person that is there. */
  findUser(userId: string): LineSandboxUser | null
  people(): readonly Readonly<Person>[]
  /** Puts chats of an earlier process back on the phones. */
  restore(chats: readonly ChatHistory[]): void
  /** Adds a group and tells the hub that the account has joined it; `leave` puts the account out. */
  group(name: string): SandboxGroup
  thread(key: string): Readonly<Thread>
  /** Calls of the hub, oldest first; at most 1,000. */
  calls(): readonly ApiCall[]
  /** Plans a fault for the next call whose path fits. */
  failNext(fault: ApiFault, path?: RegExp): void
  /** Plans a fault for the next webhook event. */
  disturbNext(fault: WebhookFault): void
  /** Sends events that `hold` kept back. */
  release(): Promise<void>
  /** Sends events in one body; without any it is the ping of the console's "Verify". */
  postEvents(events: readonly unknown[], signature?: string): Promise<WebhookAttempt>
  setMonthlyQuota(quota: number | null): void
  /** Changes what the platform does to the account until it is told otherwise. */
  setSwitches(changes: Partial<Switches>): void
  quotaUsed(): number
}

/** The stand-in LINE platform. */
export interface LineSandbox {
  /** Listens on loopback; both `api.line.me` and `api-data.line.me` are this origin. */
  start(): Promise<{ readonly origin: string }>
  /** Ends connections and timers. Idempotent. */
  stop(): Promise<void>
  /** Adds an account; one with the same channel id takes the new settings and keeps its threads. */
  account(options: AccountOptions): LineSandboxAccount
  accounts(): readonly LineSandboxAccount[]
  /** The customers' side, for a page that shows it. */
  readonly phones: LinePhones
  /** Calls `listener` after each change of a thread, until the returned function is called. */
  onChange(listener: (change: { channelId: string; threadKey: string }) => void): () => void
}

/**
 * Makes a stand-in for the LINE platform: it signs webhooks and posts them to the hub, sends them again when that
 * fails, and answers the Messaging API with the real one's rules (reply token once and for a minute, five bubbles,
 * retry keys, quota, blocked customers, media that take time). Nothing of it lasts beyond the process.
 */
export function createLineSandbox(options: SandboxOptions): LineSandbox {
  const platform = new Platform(options)
  const sender = new WebhookSender(platform)
  const server = createApiServer(platform, (account, userId, nonce) => {
    const event = eventOf(platform, account, 'accountLink', { link: { result: 'ok', nonce } }, { type: 'user', userId }, userId)
    return sender.send(account, userId, event, () => platform.changed(account, userId))
  })
  const faces = new Map<AccountState, LineSandboxAccount>()
  return {
    start: () => listen(server, options.port ?? 0),
    stop: async () => {
      sender.stop()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
    account: (given) => {
      const known = platform.accounts.get(given.channelId)
      const state = known ?? newAccount(given)
      platform.accounts.set(given.channelId, state)
      if (known) Object.assign(known, settingsOf(given))
      const face = faces.get(state) ?? faceOf(platform, sender, state)
      faces.set(state, face)
      return face
    },
    accounts: () => [...faces.values()],
    phones: createPhones(platform, sender, options.contentPath ?? '/sandbox/api/content'),
    onChange: (listener) => platform.onChange(listener),
  }
}

function listen(server: Server, port: number): Promise<{ origin: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('The stand-in platform has no port.'))
      resolve({ origin: `http://127.0.0.1:${address.port}` })
    })
  })
}

function settingsOf(given: AccountOptions): Pick<AccountState, 'options' | 'webhookUrl' | 'monthlyQuota'> {
  const options = {
    botUserId: idFor('U', `bot ${given.channelId}`),
    monthlyQuota: null,
    redelivers: true,
    assertionKey: null,
    menus: {},
    ...given,
  }
  return { options, webhookUrl: options.webhookUrl, monthlyQuota: options.monthlyQuota }
}

function newAccount(given: AccountOptions): AccountState {
  return {
    ...settingsOf(given),
    people: new Map(),
    groups: new Map(),
    threads: new Map(),
    replyTokens: new Map(),
    retryKeys: new Map(),
    apiFaults: [],
    webhookFaults: [],
    calls: [],
    quotaUsed: 0,
    issuedTokens: new Map(),
    linkTokens: new Map(),
    switches: { ...plainSwitches },
  }
}

function faceOf(platform: Platform, sender: WebhookSender, state: AccountState): LineSandboxAccount {
  const tellGroup = (type: 'join' | 'leave', groupId: string): Promise<WebhookAttempt> => {
    const event = eventOf(platform, state, type, {}, { type: 'group', groupId }, type === 'join' ? groupId : null)
    return sender.send(state, groupId, event, () => platform.changed(state, groupId))
  }
  return {
    get options() {
      return state.options
    },
    user: (given) => {
      const userId = given.userId ?? idFor('U', `person ${given.displayName}`)
      if (!state.people.has(userId)) state.people.set(userId, personOf(userId, given))
      return new LineSandboxUser(platform, sender, state, userId)
    },
    findUser: (userId) => (state.people.has(userId) ? new LineSandboxUser(platform, sender, state, userId) : null),
    people: () => [...state.people.values()],
    restore: (chats) => {
      for (const chat of chats) restoreChat(state, chat)
    },
    group: (name) => {
      const groupId = idFor('C', `group ${name}`)
      const group = state.groups.get(groupId) ?? { groupId, name, joined: true, members: new Set<string>() }
      state.groups.set(groupId, group)
      const put = (joined: boolean): Promise<WebhookAttempt> => {
        group.joined = joined
        return tellGroup(joined ? 'join' : 'leave', groupId)
      }
      const tellMembers = (type: 'memberJoined' | 'memberLeft', userIds: readonly string[]): Promise<WebhookAttempt> => {
        const members = userIds.map((userId) => ({ type: 'user', userId }))
        const facts = type === 'memberJoined' ? { joined: { members } } : { left: { members } }
        const event = eventOf(platform, state, type, facts, { type: 'group', groupId }, type === 'memberJoined' ? groupId : null)
        return sender.send(state, groupId, event, () => platform.changed(state, groupId))
      }
      return {
        groupId,
        join: () => put(true),
        leave: () => put(false),
        add: (userIds) => {
          for (const userId of userIds) group.members.add(userId)
          return tellMembers('memberJoined', userIds)
        },
        remove: (userIds) => {
          for (const userId of userIds) group.members.delete(userId)
          return tellMembers('memberLeft', userIds)
        },
      }
    },
    thread: (key) => threadOf(state, key),
    calls: () => state.calls,
    failNext: (fault, path = /./) => void state.apiFaults.push({ path, fault }),
    disturbNext: (fault) => void state.webhookFaults.push(fault),
    release: () => sender.release(state),
    postEvents: (events, signature) => sender.post(state, JSON.stringify({ destination: state.options.botUserId, events }), signature),
    setMonthlyQuota: (quota) => {
      state.monthlyQuota = quota
    },
    setSwitches: (changes) => void Object.assign(state.switches, changes),
    quotaUsed: () => state.quotaUsed,
  }
}

function personOf(userId: string, given: PersonOptions): Person {
  const { displayName, language = null, pictureUrl = null, friend = true } = given
  return { userId, displayName, language, pictureUrl, friend, blocked: false, lastWroteAt: null, menuId: null }
}

/** An id in the platform's form, the same for the same seed. */
function idFor(letter: 'U' | 'C', seed: string): string {
  return `${letter}${createHash('sha256').update(seed).digest('hex').slice(0, 32)}`
}

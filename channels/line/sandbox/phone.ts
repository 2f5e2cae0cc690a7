import type { PhoneAct, PhoneBubble, PhoneChange, PhoneCustomer, PhoneEntry, Phones, PhoneThread } from '../../../src/wire/sandbox.ts'
import { isRecord, type JsonRecord } from '../inbound-fields.ts'
import { LineSandboxUser } from './customer.ts'
import { type AccountState, type Content, type Person, type Platform, randomHex, type TranscriptEntry, threadOf } from './platform.ts'
import type { WebhookSender } from './webhook-sender.ts'

/** Most customers that the page may add to an account. */
const maxPeople = 200

/** The customers' phones, in the words of the page that shows them. Unknown accounts and customers are null. */
export interface LinePhones {
  list(): Phones
  thread(accountId: string, customerId: string): PhoneThread | null
  /** Does it; resolves after the first attempt of its webhook. */
  act(accountId: string, customerId: string, act: PhoneAct): Promise<PhoneThread | null>
  sendImage(accountId: string, customerId: string, image: { bytes: Uint8Array; mime: string }): Promise<PhoneThread | null>
  /** Adds a customer, who becomes a friend of the account; null also when there are too many. */
  addCustomer(accountId: string, name: string): Promise<PhoneCustomer | null>
  content(messageId: string): Content | null
  onChange(listener: (change: PhoneChange) => void): () => void
}

/**
 * Makes the phones' face of the platform.
 * @param contentPath where the page fetches a customer's own media: `contentPath/<message id>`.
 */
export function createPhones(platform: Platform, sender: WebhookSender, contentPath: string): LinePhones {
  const show = (message: TranscriptEntry): PhoneEntry => entryOf(platform, message, contentPath)
  const find = (accountId: string, customerId: string) => {
    const account = platform.accounts.get(accountId)
    const person = account?.people.get(customerId)
    return account && person ? { account, person, user: new LineSandboxUser(platform, sender, account, customerId) } : null
  }
  const thread = (accountId: string, customerId: string): PhoneThread | null => {
    const found = find(accountId, customerId)
    if (!found) return null
    const { entries, loadingUntil } = threadOf(found.account, customerId)
    const customer = customerOf(found.account, found.person, show)
    return { now: platform.now(), customer, typingUntil: loadingUntil, entries: entries.map(show) }
  }
  return {
    list: () => ({
      now: platform.now(),
      accounts: [...platform.accounts.values()].map((account) => ({
        id: account.options.channelId,
        name: account.options.displayName,
        customers: [...account.people.values()].map((person) => customerOf(account, person, show)),
      })),
    }),
    thread,
    act: async (accountId, customerId, act) => {
      const found = find(accountId, customerId)
      if (found) await perform(found.user, found.account, act)
      return thread(accountId, customerId)
    },
    sendImage: async (accountId, customerId, image) => {
      await find(accountId, customerId)?.user.sendImage(image)
      return thread(accountId, customerId)
    },
    addCustomer: async (accountId, name) => {
      const account = platform.accounts.get(accountId)
      if (!account || account.people.size >= maxPeople) return null
      const userId = `U${randomHex(16)}`
      const person: Person = {
        userId,
        displayName: name,
        language: null,
        pictureUrl: null,
        friend: false,
        blocked: false,
        lastWroteAt: null,
      }
      account.people.set(userId, person)
      await new LineSandboxUser(platform, sender, account, userId).follow()
      return customerOf(account, person, show)
    },
    content: (messageId) => {
      const content = platform.contents.get(messageId)
      return content && !content.gone ? content : null
    },
    onChange: (listener) => platform.onChange(({ channelId, threadKey }) => listener({ accountId: channelId, customerId: threadKey })),
  }
}

async function perform(user: LineSandboxUser, account: AccountState, act: PhoneAct): Promise<void> {
  switch (act.act) {
    case 'text':
      await user.sendText(act.text)
      return
    case 'sticker':
      await user.sendSticker(act.packageId, act.stickerId)
      return
    case 'location': {
      const { latitude, longitude, title, address } = act
      await user.sendLocation({ latitude, longitude, ...(title && { title }), ...(address && { address }) })
      return
    }
    case 'follow':
      await user.follow()
      return
    case 'block':
      await user.unfollow()
      return
    case 'unsend': {
      const own = threadOf(account, user.userId).entries.find((entry) => entry.id === act.messageId)
      if (own?.userId === user.userId && own.unsentAt === null) await user.unsend(act.messageId)
    }
  }
}

function customerOf(account: AccountState, person: Person, show: (entry: TranscriptEntry) => PhoneEntry): PhoneCustomer {
  const newest = account.threads.get(person.userId)?.entries.at(-1)
  const { userId, displayName, pictureUrl, friend, blocked } = person
  return { id: userId, name: displayName, pictureUrl, friend, blocked, newest: newest ? show(newest) : null }
}

function entryOf(platform: Platform, entry: TranscriptEntry, contentPath: string): PhoneEntry {
  const content = platform.contents.get(entry.id)
  const own = content && !content.gone ? `${contentPath}/${entry.id}` : null
  return {
    id: entry.id,
    at: entry.at,
    from: entry.from,
    bubble: bubbleOf(entry.message, entry.from === 'customer' ? own : null),
    delivery: entry.webhook,
    read: entry.readAt !== null,
    unsent: entry.unsentAt !== null,
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function bubbleOf(message: TranscriptEntry['message'], own: string | null): PhoneBubble {
  switch (message.type) {
    case 'text':
    case 'textV2':
      return { type: 'text', text: text(message.text) }
    case 'sticker':
      return { type: 'sticker', packageId: text(message.packageId), stickerId: text(message.stickerId) }
    case 'location': {
      const { latitude, longitude, title, address } = message
      return {
        type: 'location',
        latitude: Number(latitude),
        longitude: Number(longitude),
        title: textOrNull(title),
        address: textOrNull(address),
      }
    }
    case 'image':
    case 'video':
    case 'audio':
      return { type: message.type, url: own ?? textOrNull(message.originalContentUrl) }
    case 'file':
      return { type: 'file', name: text(message.fileName) }
    case 'flex':
    case 'template':
    case 'imagemap':
      return cardOf(message)
    default:
      return { type: 'unknown', kind: message.type }
  }
}

/** The texts of a rich message in their order, and the first address it opens. */
function cardOf(message: JsonRecord): PhoneBubble {
  const lines: string[] = []
  let url: string | null = null
  const walk = (value: unknown, depth: number): void => {
    if (depth === 0) return
    if (Array.isArray(value)) for (const item of value) walk(item, depth - 1)
    if (!isRecord(value)) return
    if (value.type === 'text' && typeof value.text === 'string') lines.push(value.text)
    if (value.type === 'uri' && typeof value.uri === 'string') url ??= value.uri
    for (const item of Object.values(value)) walk(item, depth - 1)
  }
  walk(message.contents ?? message.template, 12)
  return { type: 'card', lines: lines.length > 0 ? lines.slice(0, 20) : [text(message.altText)], url }
}

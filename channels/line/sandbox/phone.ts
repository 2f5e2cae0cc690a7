import type {
  PhoneAct,
  PhoneChange,
  PhoneCustomer,
  PhoneEntry,
  PhonePlatform,
  PhoneSwitches,
  Phones,
  PhoneThread,
} from '../../../src/wire/sandbox.ts'
import { LineSandboxUser } from './customer.ts'
import { bubbleOf, quickRepliesOf, quoteOf } from './phone-bubbles.ts'
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
  /** Sends a film, a recording or a file. */
  sendFile(accountId: string, customerId: string, file: { bytes: Uint8Array; mime: string; name: string }): Promise<PhoneThread | null>
  platform(accountId: string): PhonePlatform | null
  setSwitches(accountId: string, changes: Partial<PhoneSwitches>): PhonePlatform | null
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
    // Suggested answers go once anything newer was said.
    const shown = entries.map((entry, at) => ({
      ...show(entry),
      quote: quoteOf(entries, entry),
      quickReplies: at === entries.length - 1 ? quickRepliesOf(entry) : [],
    }))
    return { now: platform.now(), customer, typingUntil: loadingUntil, entries: shown }
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
        menuId: null,
      }
      account.people.set(userId, person)
      await new LineSandboxUser(platform, sender, account, userId).follow()
      return customerOf(account, person, show)
    },
    sendFile: async (accountId, customerId, { name, ...file }) => {
      const user = find(accountId, customerId)?.user
      if (file.mime.startsWith('video/')) await user?.sendVideo(file, recordedMs)
      else if (file.mime.startsWith('audio/')) await user?.sendAudio(file, recordedMs)
      else await user?.sendFile(file, name)
      return thread(accountId, customerId)
    },
    platform: (accountId) => {
      const account = platform.accounts.get(accountId)
      return account ? platformOf(account) : null
    },
    setSwitches: (accountId, { monthlyQuota, redelivers, ...switches }) => {
      const account = platform.accounts.get(accountId)
      if (!account) return null
      Object.assign(account.switches, switches)
      if (monthlyQuota !== undefined) account.monthlyQuota = monthlyQuota
      if (redelivers !== undefined) account.options = { ...account.options, redelivers }
      return platformOf(account)
    },
    content: (messageId) => {
      const content = platform.contents.get(messageId)
      return content && !content.gone ? content : null
    },
    onChange: (listener) => platform.onChange(({ channelId, threadKey }) => listener({ accountId: channelId, customerId: threadKey })),
  }
}

/** The phone does not look into what it sends; recordings and films are said to take so long. */
const recordedMs = 3_000

function platformOf({ switches, options, monthlyQuota, quotaUsed }: AccountState): PhonePlatform {
  return { switches: { ...switches, redelivers: options.redelivers, monthlyQuota }, quotaUsed }
}

async function perform(user: LineSandboxUser, account: AccountState, act: PhoneAct): Promise<void> {
  switch (act.act) {
    case 'text':
      await user.sendText(act.text, act.quote === undefined ? {} : { quote: act.quote })
      return
    case 'postback':
      await user.postback(act.data, act.picked && { [act.picked.mode]: act.picked.value })
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
      return
    }
    case 'power':
      // What is sent to a phone that is off waits at LINE and comes later: nobody can tell.
      return
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
    quote: null,
    quickReplies: [],
    counted: entry.from === 'account' ? entry.route === 'push' : null,
  }
}

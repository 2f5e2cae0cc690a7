import type {
  PhoneAct,
  PhoneBubble,
  PhoneChange,
  PhoneCustomer,
  PhoneEntry,
  PhonePlatform,
  Phones,
  PhoneThread,
} from '../../../src/wire/sandbox.ts'
import { SmsSandboxUser } from './customer.ts'
import type { MessageCalls } from './messages.ts'
import { type AccountState, personAt, type SmsContent, type SmsEntry, type SmsPerson, type TwilioPlatform } from './platform.ts'
import type { WebhookPoster } from './webhooks.ts'

/** Most customers that the page may add to a number. */
const maxPeople = 90

/** The customers' phones, in the words of the page that shows them. Unknown numbers and customers are null. */
export interface SmsPhones {
  list(): Phones
  thread(accountId: string, customerId: string): PhoneThread | null
  /** Does it; resolves after the hub's answer. What SMS does not have changes nothing. */
  act(accountId: string, customerId: string, act: PhoneAct): Promise<PhoneThread | null>
  sendImage(accountId: string, customerId: string, image: SmsContent): Promise<PhoneThread | null>
  /** Sends a file as MMS. */
  sendFile(accountId: string, customerId: string, file: SmsContent): Promise<PhoneThread | null>
  /** There is nothing to set here. */
  platform(accountId: string): PhonePlatform | null
  setSwitches(accountId: string): PhonePlatform | null
  /** Adds a customer with a number of their own; null also when there are too many. */
  addCustomer(accountId: string, name: string): Promise<PhoneCustomer | null>
  content(messageId: string): SmsContent | null
  onChange(listener: (change: PhoneChange) => void): () => void
}

/** Makes the phones' face of the stand-in. @param contentPath where the page fetches media: `contentPath/<id>`. */
export function createSmsPhones(platform: TwilioPlatform, poster: WebhookPoster, messages: MessageCalls, contentPath: string): SmsPhones {
  const find = (accountId: string, customerId: string) => {
    const account = platform.accounts.get(accountId)
    const person = account?.people.get(customerId)
    return account && person ? { account, person, user: new SmsSandboxUser(platform, poster, account, customerId) } : null
  }
  const thread = (accountId: string, customerId: string): PhoneThread | null => {
    const person = find(accountId, customerId)?.person
    if (!person) return null
    const entries = person.entries.flatMap((entry) => linesOf(platform, entry, contentPath))
    return { now: platform.now(), customer: customerOf(platform, person, contentPath), typingUntil: 0, entries }
  }
  const sendFile = async (accountId: string, customerId: string, { bytes, mime }: SmsContent): Promise<PhoneThread | null> => {
    await find(accountId, customerId)?.user.send('', [{ bytes, mime }])
    return thread(accountId, customerId)
  }
  return {
    list: () => ({
      now: platform.now(),
      accounts: [...platform.accounts.values()].map(({ options, people }) => ({
        kind: 'sms',
        id: options.number,
        name: options.displayName,
        customers: [...people.values()].map((person) => customerOf(platform, person, contentPath)),
      })),
    }),
    thread,
    act: async (accountId, customerId, act) => {
      const found = find(accountId, customerId)
      if (found) await perform(found.user, act)
      if (found && !found.person.off) await messages.read(found.account, found.person)
      if (found) platform.changed(found.account, customerId)
      return thread(accountId, customerId)
    },
    sendImage: sendFile,
    sendFile,
    platform: () => null,
    setSwitches: () => null,
    addCustomer: async (accountId, name) => {
      const account = platform.accounts.get(accountId)
      if (!account || account.people.size >= maxPeople) return null
      const person = personAt(account, freeNumber(account))
      person.name = name
      platform.changed(account, person.address)
      return customerOf(platform, person, contentPath)
    },
    content: (id) => platform.contents.get(id) ?? null,
    onChange: (listener) => platform.onChange(({ number, address }) => listener({ accountId: number, customerId: address })),
  }
}

/** A number from the ranges kept for stories: no telephone in the world rings. */
function freeNumber({ people, options }: AccountState): string {
  const before = options.number.startsWith('whatsapp:') ? 'whatsapp:' : ''
  for (let at = 101; ; at += 1) {
    const number = `${before}+1202555${String(at).padStart(4, '0')}`
    if (!people.has(number) && number !== options.number) return number
  }
}

async function perform(user: SmsSandboxUser, act: PhoneAct): Promise<void> {
  switch (act.act) {
    case 'text':
      await user.send(act.text)
      return
    case 'block':
      await user.send('STOP')
      return
    case 'follow':
      await user.send('START')
      return
    case 'power':
      user.person.off = !act.on
      return
    case 'location':
    case 'postback':
    case 'sticker':
    case 'unsend':
      return
  }
}

function customerOf(platform: TwilioPlatform, person: SmsPerson, contentPath: string): PhoneCustomer {
  const newest = person.entries.at(-1)
  const { address, name, optedOut, off } = person
  return {
    id: address,
    name,
    pictureUrl: null,
    friend: true,
    blocked: optedOut,
    off,
    newest: newest ? (linesOf(platform, newest, contentPath).at(-1) ?? null) : null,
  }
}

/** A message is a bubble for its text and one for each medium. */
function linesOf(platform: TwilioPlatform, entry: SmsEntry, contentPath: string): PhoneEntry[] {
  const texts: PhoneBubble[] = entry.text === '' ? [] : [{ type: 'text', text: entry.text }]
  const bubbles = [...texts, ...entry.media.map((id) => mediumOf(platform, id, contentPath))]
  return (bubbles.length === 0 ? [{ type: 'unknown', kind: 'empty' } as const] : bubbles).map((bubble, at) => ({
    id: at === 0 ? entry.sid : `${entry.sid}.${at}`,
    at: entry.at,
    from: entry.from,
    bubble,
    delivery: entry.webhook,
    ...(entry.status !== null && { state: entry.status }),
    ...(entry.errorCode !== null && { errorCode: entry.errorCode }),
    read: false,
    unsent: false,
    quote: null,
    quickReplies: [],
    counted: null,
  }))
}

function mediumOf(platform: TwilioPlatform, id: string, contentPath: string): PhoneBubble {
  const content = platform.contents.get(id)
  const kind = /^(image|video|audio)\//.exec(content?.mime ?? 'image/')?.[1]
  const url = content === undefined ? null : `${contentPath}/${id}`
  return kind === 'image' || kind === 'video' || kind === 'audio' ? { type: kind, url } : { type: 'file', name: content?.mime ?? '' }
}

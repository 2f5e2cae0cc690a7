import { AppError } from '../../src/lib/errors.ts'
import type { Inbound, InboundAddress } from '../contract.ts'
import { idAt, isRecord, type JsonRecord, optionalText, recordAt, textAt } from './inbound-fields.ts'
import { readMessage } from './inbound-message.ts'

/**
 * How long after the event a reply token is tried. LINE promises one minute from receipt; the rest is for the way here.
 * Source: LINE Messaging API reference, "Send reply message".
 */
const replyTokenLifeMs = 50_000

/** What every event in a thread has in common. */
export interface EventHead {
  readonly externalId: string
  readonly occurredAt: number
  readonly threadKey: string
  readonly party: InboundAddress
}

/** Events about the account; the sentence goes to administrators. */
const accountNews: Readonly<Record<string, { readonly health: 'ok' | 'suspended'; readonly detail: string }>> = {
  activated: { health: 'ok', detail: 'LINE has activated the account.' },
  botResumed: { health: 'ok', detail: 'LINE has lifted the suspension of the account.' },
  deactivated: { health: 'suspended', detail: 'LINE has deactivated the account; nothing can be sent.' },
  botSuspended: { health: 'suspended', detail: 'LINE has suspended the account; nothing can be sent.' },
}

/** What reading depends on beside the event. */
export interface AccountFacts {
  readonly providerId: string
  /** Whether the account answers with reply tokens. */
  readonly keepsTokens: boolean
}

/**
 * Turns one webhook event into our words. Kinds that are not known become a neutral line, or nothing where they
 * belong to no thread; the ledger keeps their raw form.
 * @param eventId the id under which the ledger knows the event.
 * @throws AppError 'invalid_input' naming the member that is missing or wrong.
 */
export function readEvent(event: unknown, eventId: string, { providerId, keepsTokens }: AccountFacts): Inbound[] {
  if (!isRecord(event)) throw new AppError('invalid_input', 'The event is not an object.')
  const type = textAt(event, 'type')
  const occurredAt = event.timestamp
  if (typeof occurredAt !== 'number' || !Number.isSafeInteger(occurredAt)) {
    throw new AppError('invalid_input', 'The member "timestamp" is missing or not a whole number.')
  }
  const news = Object.hasOwn(accountNews, type) ? accountNews[type] : undefined
  if (news) return [{ type: 'account', externalId: eventId, occurredAt, ...news }]
  if (!isRecord(event.source)) return readWithoutSource(type)
  const head = { externalId: eventId, occurredAt, ...readSource(event.source, providerId) }
  return readInThread(type, keepsTokens ? event : { ...event, replyToken: undefined }, head)
}

/** Kinds that never stand outside a thread. */
const threadKinds = new Set(['message', 'messageEdited', 'unsend', 'postback', 'follow', 'unfollow', 'join', 'leave'])

function readWithoutSource(type: string): Inbound[] {
  if (threadKinds.has(type)) throw new AppError('invalid_input', 'The member "source" is missing.')
  return []
}

function readInThread(type: string, event: JsonRecord, head: EventHead): Inbound[] {
  const reply = readReplyToken(event, head.occurredAt)
  switch (type) {
    case 'message':
      return [{ ...readMessage(recordAt(event, 'message'), event, head), ...reply }]
    case 'messageEdited': {
      const message = recordAt(event, 'message')
      return [
        {
          type: 'edited',
          ...head,
          targetExternalId: idAt(message, 'id'),
          parts: [{ type: 'text', text: textAt(message, 'text') }],
        },
      ]
    }
    case 'unsend':
      return [{ type: 'unsent', ...head, targetExternalId: idAt(recordAt(event, 'unsend'), 'messageId') }]
    case 'postback':
      return [{ type: 'message', ...head, parts: [readChoice(recordAt(event, 'postback'))], ...reply }]
    case 'follow':
      return [{ type: 'reachability', ...head, reachable: true, ...reply }]
    case 'unfollow':
      return [{ type: 'reachability', ...head, reachable: false }]
    case 'accountLink':
      return [systemLine(type, event, head), ...linkOf(event, head)]
    case 'memberJoined':
    case 'memberLeft':
      return [systemLine(type, event, head), membersOf(event, head)]
    case 'join':
    case 'leave': {
      const reachable = type === 'join'
      return [systemLine(type, event, head), { type: 'reachability', ...head, externalId: `${head.externalId}:reach`, reachable, ...reply }]
    }
    default:
      return [systemLine(type, event, head)]
  }
}

function readSource(source: JsonRecord, providerId: string): Pick<EventHead, 'threadKey' | 'party'> {
  const party = (kind: InboundAddress['kind'], threadKey: string) => ({
    threadKey,
    party: { kind, address: `${providerId}:${threadKey}`, verified: true },
  })
  switch (source.type) {
    case 'user':
      return party('line', idAt(source, 'userId'))
    case 'group':
      return party('line_group', idAt(source, 'groupId'))
    case 'room':
      return party('line_room', idAt(source, 'roomId'))
    default:
      throw new AppError('invalid_input', 'The source is neither a user, a group nor a room.')
  }
}

function readReplyToken(event: JsonRecord, occurredAt: number): { replyToken: { token: string; expiresAt: number } } | undefined {
  // In standby another module answers; a token would not be ours to use.
  if (event.mode === 'standby') return undefined
  const token = optionalText(event, 'replyToken', 200)
  return token === undefined ? undefined : { replyToken: { token, expiresAt: occurredAt + replyTokenLifeMs } }
}

function readChoice(postback: JsonRecord): { type: 'choice'; data: string; params?: Record<string, string> } {
  const data = textAt(postback, 'data')
  if (!isRecord(postback.params)) return { type: 'choice', data }
  const params: Record<string, string> = {}
  for (const name of Object.keys(postback.params).slice(0, 20)) {
    const value = optionalText(postback.params, name, 300)
    if (value !== undefined) params[name.slice(0, 60)] = value
  }
  return { type: 'choice', data, params }
}

type SystemLine = Extract<Inbound, { type: 'system' }>

/** Facts of a neutral line by kind; a kind that is not listed is told by its name. */
const lineParams: Readonly<Record<string, (event: JsonRecord) => SystemLine['params']>> = {
  join: () => undefined,
  leave: () => undefined,
  memberJoined: (event) => ({ members: memberCount(event.joined) }),
  memberLeft: (event) => ({ members: memberCount(event.left) }),
  beacon: (event) => ({ kind: word(event.beacon, 'type') }),
  accountLink: (event) => ({ result: word(event.link, 'result') }),
  videoPlayComplete: (event) => ({ trackingId: word(event.videoPlayComplete, 'trackingId') }),
  membership: (event) => ({ kind: word(event.membership, 'type') }),
}

function systemLine(type: string, event: JsonRecord, head: EventHead): SystemLine {
  const known = Object.hasOwn(lineParams, type) ? lineParams[type] : undefined
  if (!known) return { type: 'system', ...head, code: 'line.unknown', params: { kind: type.slice(0, 60) } }
  const params = known(event)
  return { type: 'system', ...head, code: `line.${type}`, ...(params && { params }) }
}

/** A log-in at the company's site that went well; the nonce says whose it was. */
function linkOf(event: JsonRecord, head: EventHead): Inbound[] {
  const nonce = isRecord(event.link) && event.link.result === 'ok' ? optionalText(event.link, 'nonce', 300) : undefined
  return nonce === undefined ? [] : [{ type: 'linked', ...head, externalId: `${head.externalId}:linked`, nonce }]
}

/** Whoever came or went; people who gave no consent have no id and are only counted. */
function membersOf(event: JsonRecord, head: EventHead): Inbound {
  const ids = (list: unknown): string[] => {
    const members = isRecord(list) && Array.isArray(list.members) ? list.members.slice(0, 500) : []
    return members.flatMap((member) => (isRecord(member) && optionalText(member, 'userId', 64)) || [])
  }
  return { type: 'members', ...head, externalId: `${head.externalId}:members`, joined: ids(event.joined), left: ids(event.left) }
}

function memberCount(list: unknown): number {
  return isRecord(list) && Array.isArray(list.members) ? list.members.length : 0
}

function word(holder: unknown, name: string): string {
  return (isRecord(holder) && optionalText(holder, name, 100)) || ''
}

import { z } from 'zod'

/** The channels, in the order menus show them. */
export const channelIdSchema = z.enum(['phone', 'sms', 'line', 'email', 'webchat'])
export type ChannelId = z.infer<typeof channelIdSchema>

/** Where a conversation stands; `core/lifecycle` alone decides how it moves. */
export const conversationStatusSchema = z.enum(['bot', 'queued', 'offered', 'active', 'wrap_up', 'snoozed', 'resolved'])
export type ConversationStatus = z.infer<typeof conversationStatusSchema>

export const awaitingSchema = z.enum(['agent', 'customer'])
export type Awaiting = z.infer<typeof awaitingSchema>

export const agentStateSchema = z.enum(['available', 'busy', 'away', 'wrap_up', 'not_responding', 'offline'])
export type AgentState = z.infer<typeof agentStateSchema>

export const offerStatusSchema = z.enum(['pending', 'accepted', 'declined', 'expired', 'withdrawn'])
export type OfferStatus = z.infer<typeof offerStatusSchema>

/** The life of an outgoing message. `unconfirmed`: the provider never told us whether it took it. */
export const outboxStatusSchema = z.enum(['queued', 'sending', 'accepted', 'delivered', 'read', 'failed', 'unconfirmed', 'cancelled'])
export type OutboxStatus = z.infer<typeof outboxStatusSchema>

/** The life of one raw inbound payload in the ledger. */
export const deliveryStatusSchema = z.enum(['received', 'processed', 'duplicate', 'quarantined'])
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>

/** `in` from the customer, `out` to the customer, `note` between colleagues, `system` a line about what happened. */
export const messageDirectionSchema = z.enum(['in', 'out', 'note', 'system'])
export type MessageDirection = z.infer<typeof messageDirectionSchema>

export const actorTypeSchema = z.enum(['agent', 'contact', 'system', 'bot'])
export type ActorType = z.infer<typeof actorTypeSchema>

/** Who does something: the first argument of every use case and a column of every event. */
export type Actor =
  | { readonly type: 'agent'; readonly id: string }
  | { readonly type: 'contact'; readonly id: string }
  | { readonly type: 'bot'; readonly id: string }
  | { readonly type: 'system'; readonly id: string }

/** Languages every visible string exists in. */
export const localeSchema = z.enum(['en', 'zh-TW', 'zh-CN', 'ja'])
export type Locale = z.infer<typeof localeSchema>

/** Epoch milliseconds. */
export const instantSchema = z.number().int().meta({ description: 'Instant, epoch milliseconds.' })

export const idSchema = z.string().min(1).max(64)

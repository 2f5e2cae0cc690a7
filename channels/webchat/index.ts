import { maxQuickReplies } from '../../src/wire/cards.ts'
import { webchatCardKinds, webchatTextMaxChars } from '../../src/wire/visitor.ts'
import { type Channel, defineChannel } from '../contract.ts'
import { webchatConfigSchema, webchatSecretKeys } from './config.ts'
import { parsePayload } from './inbound.ts'
import { sendToThread } from './outbound.ts'

/** What the hub stores at most. */
const maxFileBytes = 200 * 1024 * 1024

/**
 * Chat on a web site. It has no webhook: visitors write over our own socket (or its HTTP fallback), whose gateway checks the
 * signed identity and puts each message into the delivery ledger like any provider's.
 */
export const webchat: Channel = defineChannel({
  id: 'webchat',
  capabilities: {
    textMaxChars: webchatTextMaxChars,
    maxParts: 10,
    media: ['image', 'video', 'audio', 'file'],
    mediaMaxBytes: { image: maxFileBytes, video: maxFileBytes, audio: maxFileBytes, file: maxFileBytes },
    stickers: false,
    location: true,
    quote: false,
    cards: [...webchatCardKinds],
    quickReplies: maxQuickReplies,
    typingIn: true,
    typingOut: true,
    readIn: true,
    readOut: true,
    provable: 'read',
    parkAfterMs: 10 * 60_000,
  },
  config: webchatConfigSchema,
  secretKeys: webchatSecretKeys,
  // Handing a message to its thread twice is handing it over once.
  open: (config) => ({ parse: (raw) => parsePayload(raw, config), send: sendToThread, resumable: () => true }),
})

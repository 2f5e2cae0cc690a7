import type { Capabilities } from '../../src/wire/inboxes.ts'
import { defineChannel } from '../contract.ts'
import { createRest } from '../twilio/rest.ts'
import { createVerify } from '../twilio/signature.ts'
import { checkAccount } from './check-account.ts'
import { smsConfigSchema, smsSecretKeys } from './config.ts'
import { createInboundReader } from './inbound.ts'
import { smsLimits } from './limits.ts'
import { fetchMedia } from './media.ts'
import { createSend } from './outbound.ts'

/** Files too large or of a kind that phones do not take leave as links. WhatsApp alone tells of reading. */
const capabilities: Capabilities = {
  textMaxChars: smsLimits.textChars,
  maxParts: 1 + smsLimits.media,
  media: ['image', 'video', 'audio', 'file'],
  mediaMaxBytes: {
    image: smsLimits.linkedBytes,
    video: smsLimits.linkedBytes,
    audio: smsLimits.linkedBytes,
    file: smsLimits.linkedBytes,
  },
  stickers: false,
  location: false,
  quote: false,
  segments: true,
  typingIn: false,
  typingOut: false,
  readIn: false,
  readOut: false,
  provable: 'delivered',
  parkAfterMs: 30 * 60_000,
}

/** SMS and MMS, and WhatsApp's addresses, over Twilio. Source: Twilio, "Programmable Messaging" reference; types of `twilio` 6. */
export const sms = defineChannel({
  id: 'sms',
  capabilities,
  config: smsConfigSchema,
  secretKeys: smsSecretKeys,
  open: (config, kit) => {
    const rest = createRest(config, kit)
    const reader = createInboundReader(config, () => kit.now())
    return {
      webhook: {
        verify: createVerify(config),
        split: reader.split,
        // Without a document Twilio warns its owner of every message; an empty one sends no answer.
        answer: () => ({ contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' }),
      },
      parse: reader.parse,
      send: createSend(config, kit, rest),
      fetchMedia: (source, signal) => fetchMedia(config, kit.fetch, source, signal),
      checkAccount: (webhookUrl, signal) => checkAccount(config, rest, webhookUrl, signal),
    }
  },
})

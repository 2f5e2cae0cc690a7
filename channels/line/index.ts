import type { Capabilities } from '../../src/wire/inboxes.ts'
import { defineChannel } from '../contract.ts'
import { bubbleCount, checkAccount, createAccountLink, createMenus, createMeter } from './account.ts'
import { createLineApi } from './api.ts'
import { lineConfigSchema, lineSecretKeys } from './config.ts'
import { createInboundReader } from './inbound.ts'
import { lineLimits, sendableStickerPackages } from './limits.ts'
import { createSend } from './outbound.ts'
import { createShowTyping, fetchMedia, fetchProfile, markRead } from './provider.ts'
import { createVerify } from './verify.ts'

/** How long a replaced channel secret stays good by itself. */
const formerSecretMs = 24 * 3_600_000

/** Media are sent by address; a `file` becomes a card that opens it. LINE tells of no delivery and no reading. */
const capabilities: Capabilities = {
  textMaxChars: 15_000,
  textSplitChars: lineLimits.textChars,
  maxParts: lineLimits.bubbles,
  media: ['image', 'video', 'audio', 'file'],
  mediaMaxBytes: {
    image: lineLimits.imageBytes,
    video: lineLimits.videoBytes,
    audio: lineLimits.audioBytes,
    file: lineLimits.videoBytes,
  },
  stickers: true,
  stickerPackages: [...sendableStickerPackages],
  location: true,
  quote: true,
  cards: ['buttons', 'confirm', 'carousel', 'image_carousel', 'image_map', 'flex'],
  quickReplies: lineLimits.quickReplies,
  mentions: true,
  emoji: true,
  metered: true,
  typingIn: false,
  typingOut: true,
  readIn: false,
  readOut: true,
  provable: 'accepted',
  parkAfterMs: 10 * 60_000,
}

/** LINE official accounts over the Messaging API. Source: LINE Messaging API reference, OpenAPI of `@line/bot-sdk` 11. */
export const line = defineChannel({
  id: 'line',
  capabilities,
  config: lineConfigSchema,
  secretKeys: lineSecretKeys,
  // Webhooks signed before the platform took the new secret are still on their way, or come again.
  carryOver: (former, changed, now) =>
    former.channelSecret === changed.channelSecret || changed.previousChannelSecret !== former.previousChannelSecret
      ? changed
      : { ...changed, previousChannelSecret: former.channelSecret, previousChannelSecretUntil: now + formerSecretMs },
  open: (config, kit) => {
    const api = createLineApi(config, kit)
    const accountLink = createAccountLink(config, api)
    const reader = createInboundReader(config)
    return {
      webhook: { verify: createVerify(config, () => kit.now()), split: reader.split },
      parse: reader.parse,
      send: createSend(config, kit, api),
      // A push may be repeated under its retry key; a reply has none.
      resumable: (route) => route !== 'reply' || config.allowDuplicateAfterTimeout,
      fetchMedia: (source, signal) => fetchMedia(api, source, signal),
      fetchProfile: (threadKey, signal) => fetchProfile(api, threadKey, signal),
      showTyping: createShowTyping(kit, api),
      combine: { max: lineLimits.bubbles, count: bubbleCount },
      meter: createMeter(config, api),
      checkAccount: (webhookUrl, signal) => checkAccount(config, api, webhookUrl, signal),
      menus: createMenus(api),
      ...(accountLink !== undefined && { accountLink }),
      markRead: (tokens, signal) => markRead(api, tokens, signal),
    }
  },
})

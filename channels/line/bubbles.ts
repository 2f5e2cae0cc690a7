import type { messagingApi } from '@line/bot-sdk'
import type { Outbound, OutboundPart } from '../contract.ts'
import { quickReplyOf } from './actions.ts'
import { cardBubble } from './card-bubbles.ts'
import { lineLimits } from './limits.ts'
import { textBubbles } from './text-bubbles.ts'

export type Bubble = messagingApi.Message
type OutboundMedia = Extract<OutboundPart, { type: 'media' }>

/** A small picture shown before a video is played, served beside the console. */
export const videoPreviewPath = '/line-video-preview.png'

/**
 * Turns a message into bubbles: one for each part, more for a text that is too long for one. The first text or sticker
 * quotes what the message quotes; suggested answers stand under the last.
 * @param publicUrl origin of the video preview.
 */
export function bubblesOf(out: Pick<Outbound, 'parts' | 'quoted' | 'threadKey'>, publicUrl: string): Bubble[] {
  const bubbles = out.parts.flatMap((part) => bubblesOfPart(part, out.threadKey, publicUrl))
  const quoteToken = out.quoted?.find((id) => id.kind === 'quoteToken')?.value
  const quotingAt = quoteToken === undefined ? -1 : bubbles.findIndex(isQuoting)
  const replies = out.parts.find((part) => part.type === 'quick_replies')
  return bubbles.map((bubble, at) => ({
    ...bubble,
    ...(at === quotingAt && { quoteToken }),
    ...(replies !== undefined && at === bubbles.length - 1 && { quickReply: quickReplyOf(replies.items) }),
  }))
}

function isQuoting(bubble: Bubble): boolean {
  return bubble.type === 'text' || bubble.type === 'textV2' || bubble.type === 'sticker'
}

function bubblesOfPart(part: OutboundPart, threadKey: string, publicUrl: string): Bubble[] {
  switch (part.type) {
    case 'text':
      return textBubbles(part, threadKey)
    case 'sticker':
      return [{ type: 'sticker', packageId: part.packageId, stickerId: part.stickerId }]
    case 'location':
      return [locationBubble(part)]
    case 'media':
      return [mediaBubble(part, publicUrl)]
    case 'card':
      return [cardBubble(part)]
    case 'quick_replies':
      return []
  }
}

/** Title and address are required; coordinates stand in for what is not known. */
function locationBubble(part: Extract<OutboundPart, { type: 'location' }>): Bubble {
  const place = `${part.latitude.toFixed(6)}, ${part.longitude.toFixed(6)}`
  const cut = (text: string | undefined): string => cutText(text?.trim() || place, lineLimits.titleChars)
  return {
    type: 'location',
    title: cut(part.title ?? part.address),
    address: cut(part.address ?? part.title),
    latitude: part.latitude,
    longitude: part.longitude,
  }
}

/** Media that the app plays become media bubbles; everything else becomes a card that opens the file. */
function mediaBubble(part: OutboundMedia, publicUrl: string): Bubble {
  const { url, previewUrl, mime, bytes, durationMs } = part
  if (part.kind === 'image' && (mime === 'image/jpeg' || mime === 'image/png') && bytes <= lineLimits.imageBytes) {
    return { type: 'image', originalContentUrl: url, previewImageUrl: previewUrl ?? url }
  }
  if (part.kind === 'video' && mime === 'video/mp4' && bytes <= lineLimits.videoBytes) {
    return { type: 'video', originalContentUrl: url, previewImageUrl: `${publicUrl}${videoPreviewPath}` }
  }
  if (part.kind === 'audio' && isPlayableAudio(mime) && bytes <= lineLimits.audioBytes && durationMs !== undefined && durationMs > 0) {
    return { type: 'audio', originalContentUrl: url, duration: durationMs }
  }
  return fileCard(part)
}

function isPlayableAudio(mime: string): boolean {
  return mime === 'audio/mpeg' || mime === 'audio/mp4' || mime === 'audio/x-m4a'
}

/** The platform has no file message: a card with name and size, opening the file when touched. It holds no words to translate. */
function fileCard(part: OutboundMedia): Bubble {
  const icon = { image: '🖼️', video: '🎬', audio: '🎵', file: '📄' }[part.kind]
  return {
    type: 'flex',
    altText: cutText(`${icon} ${part.name}`, lineLimits.altTextChars),
    contents: {
      type: 'bubble',
      size: 'kilo',
      body: {
        type: 'box',
        layout: 'horizontal',
        spacing: 'md',
        alignItems: 'center',
        action: { type: 'uri', uri: part.url },
        contents: [
          { type: 'text', text: icon, size: 'xl', flex: 0 },
          {
            type: 'box',
            layout: 'vertical',
            contents: [
              { type: 'text', text: part.name, size: 'sm', weight: 'bold', wrap: true, maxLines: 3 },
              { type: 'text', text: readableBytes(part.bytes), size: 'xs', color: '#8c8c8c' },
            ],
          },
        ],
      },
    },
  }
}

function readableBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** Cuts without halving a surrogate pair. */
function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  return text.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, '')
}

import { z } from 'zod'
import { lineLimits } from '../limits.ts'

/** One wrong member, in the platform's form. */
export interface ErrorDetail {
  readonly message: string
  readonly property: string
}

const altText = z.string().min(1).max(lineLimits.altTextChars)

function messageSchema(url: z.ZodType<string>) {
  const sticker = z.string().regex(/^[0-9]{1,20}$/)
  const text = z.object({
    type: z.literal('text'),
    text: z.string().min(1).max(lineLimits.textChars),
    quoteToken: z.string().optional(),
    emojis: z.array(z.unknown()).max(20).optional(),
  })
  return z.discriminatedUnion('type', [
    text,
    text.extend({ type: z.literal('textV2'), substitution: z.record(z.string(), z.unknown()).optional() }),
    z.object({ type: z.literal('sticker'), packageId: sticker, stickerId: sticker, quoteToken: z.string().optional() }),
    z.object({ type: z.literal('image'), originalContentUrl: url, previewImageUrl: url }),
    z.object({
      type: z.literal('video'),
      originalContentUrl: url,
      previewImageUrl: url,
      trackingId: z.string().max(100).optional(),
    }),
    z.object({ type: z.literal('audio'), originalContentUrl: url, duration: z.number().int().positive() }),
    z.object({
      type: z.literal('location'),
      title: z.string().min(1).max(lineLimits.titleChars),
      address: z.string().min(1).max(100),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
    }),
    z.object({ type: z.literal('flex'), altText, contents: z.looseObject({ type: z.enum(['bubble', 'carousel']) }) }),
    z.object({
      type: z.literal('template'),
      altText,
      template: z.looseObject({ type: z.enum(['buttons', 'confirm', 'carousel', 'image_carousel']) }),
    }),
    z.object({
      type: z.literal('imagemap'),
      altText,
      baseUrl: url,
      baseSize: z.looseObject({}),
      actions: z.array(z.unknown()),
    }),
  ])
}

/** A message object that passed. */
export type CheckedMessage = z.infer<ReturnType<typeof messageSchema>>

/**
 * Makes the check of `messages` in reply and push: one to five known objects within the platform's limits.
 * @param insecureHosts hosts whose http addresses count as https.
 * Source: LINE Messaging API reference, "Message objects".
 */
export function createMessageCheck(insecureHosts: readonly string[]): (messages: unknown) => CheckedMessage[] | ErrorDetail[] {
  const isFetchable = (text: string): boolean => {
    if (text.length > 2_000 || !URL.canParse(text)) return false
    const url = new URL(text)
    return url.protocol === 'https:' || (url.protocol === 'http:' && insecureHosts.includes(url.host))
  }
  const list = z
    .array(messageSchema(z.string().refine(isFetchable, 'Must be a valid HTTPS URL')))
    .min(1)
    .max(lineLimits.bubbles)
  return (messages) => {
    const checked = list.safeParse(messages)
    return checked.success ? checked.data : checked.error.issues.map(detailOf)
  }
}

/** Whether a check found something wrong. */
export function isRefused(checked: CheckedMessage[] | ErrorDetail[]): checked is ErrorDetail[] {
  return checked.some((item) => 'property' in item)
}

function detailOf(issue: z.core.$ZodIssue): ErrorDetail {
  const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return { message: wordsOf(issue), property: `messages${path}` }
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.origin === 'string') return `Length must be between 0 and ${issue.maximum}`
  if (issue.code === 'too_small' && issue.origin === 'string') return 'May not be empty'
  if (issue.code === 'too_big' || issue.code === 'too_small')
    return issue.origin === 'array' ? 'Size must be between 1 and 5' : issue.message
  return issue.code === 'invalid_union' ? 'Must be one of the known message types' : issue.message
}

import { z } from 'zod'
import { lineLimits, sendableStickerPackages } from '../limits.ts'
import { graphemes } from './graphemes.ts'

/** One wrong member, in the platform's form. */
export interface ErrorDetail {
  readonly message: string
  readonly property: string
}

const altText = z.string().min(1).max(lineLimits.altTextChars)
const letters = (max: number) =>
  z
    .string()
    .min(1)
    .refine((text) => graphemes(text) <= max, `Length must be between 0 and ${max}`)
const label = letters(20)
const data = z.string().min(1).max(300)
const uri = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^(https?|tel|mailto|line):/)

const action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), label, text: z.string().min(1).max(300) }),
  z.object({ type: z.literal('postback'), label, data, displayText: z.string().max(300).optional() }),
  z.object({ type: z.literal('uri'), label, uri }),
  z.object({
    type: z.literal('datetimepicker'),
    label,
    data,
    mode: z.enum(['date', 'time', 'datetime']),
    initial: z.string().optional(),
    min: z.string().optional(),
    max: z.string().optional(),
  }),
])

const quickAction = z.discriminatedUnion('type', [
  ...action.options,
  z.object({ type: z.literal('location'), label }),
  z.object({ type: z.literal('camera'), label }),
  z.object({ type: z.literal('cameraRoll'), label }),
])

const common = {
  quickReply: z
    .object({ items: z.array(z.object({ type: z.literal('action'), action: quickAction })).max(lineLimits.quickReplies) })
    .optional(),
}

const substitution = z.record(
  z.string().regex(/^[A-Za-z0-9_]{1,20}$/),
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('mention'),
      mentionee: z.discriminatedUnion('type', [
        z.object({ type: z.literal('all') }),
        z.object({ type: z.literal('user'), userId: z.string().regex(/^U[0-9a-f]{32}$/) }),
      ]),
    }),
    z.object({ type: z.literal('emoji'), productId: z.string().min(1), emojiId: z.string().min(1) }),
  ]),
)

function templateSchema(url: z.ZodType<string>) {
  const head = { title: letters(40).optional(), thumbnailImageUrl: url.optional() }
  const beside = (max: number) => (card: { text: string; title?: string | undefined; thumbnailImageUrl?: string | undefined }) =>
    graphemes(card.text) <= (card.title === undefined && card.thumbnailImageUrl === undefined ? max : 60)
  const column = z.object({ ...head, text: letters(120), actions: z.array(action).min(1).max(3) }).refine(beside(120), 'Text is too long')
  return z.discriminatedUnion('type', [
    z
      .object({ type: z.literal('buttons'), ...head, text: letters(160), actions: z.array(action).min(1).max(4) })
      .refine(beside(160), 'Text is too long'),
    z.object({ type: z.literal('confirm'), text: letters(240), actions: z.array(action).length(2) }),
    z.object({ type: z.literal('carousel'), columns: z.array(column).min(1).max(10) }),
    z.object({
      type: z.literal('image_carousel'),
      columns: z
        .array(z.object({ imageUrl: url, action }))
        .min(1)
        .max(10),
    }),
  ])
}

const area = z.object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() })
const imagemapAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), text: z.string().min(1).max(400), label: z.string().max(100).optional(), area }),
  z.object({ type: z.literal('uri'), linkUri: uri, label: z.string().max(100).optional(), area }),
])

function messageSchema(url: z.ZodType<string>) {
  const quoteToken = z.string().optional()
  const text = { text: z.string().min(1).max(lineLimits.textChars), quoteToken, ...common }
  return z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), ...text }),
    z
      .object({ type: z.literal('textV2'), ...text, substitution: substitution.optional() })
      .refine(
        ({ text: words, substitution: keys = {} }) => placeholdersOf(words).every((key) => key in keys),
        'A placeholder has no substitution',
      ),
    z.object({
      type: z.literal('sticker'),
      packageId: z.string().refine((id) => sendableStickerPackages.includes(id), 'The sticker package may not be sent'),
      stickerId: z.string().regex(/^[0-9]{1,20}$/),
      quoteToken,
      ...common,
    }),
    z.object({ type: z.literal('image'), originalContentUrl: url, previewImageUrl: url, ...common }),
    z.object({
      type: z.literal('video'),
      originalContentUrl: url,
      previewImageUrl: url,
      trackingId: z.string().max(100).optional(),
      ...common,
    }),
    z.object({ type: z.literal('audio'), originalContentUrl: url, duration: z.number().int().positive(), ...common }),
    z.object({
      type: z.literal('location'),
      title: z.string().min(1).max(lineLimits.titleChars),
      address: z.string().min(1).max(100),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      ...common,
    }),
    z.object({ type: z.literal('flex'), altText, contents: z.looseObject({ type: z.enum(['bubble', 'carousel']) }), ...common }),
    z.object({ type: z.literal('template'), altText, template: templateSchema(url), ...common }),
    z.object({
      type: z.literal('imagemap'),
      altText,
      baseUrl: url,
      baseSize: z.object({ width: z.literal(1040), height: z.number().int().positive() }),
      actions: z.array(imagemapAction).min(1).max(50),
      ...common,
    }),
  ])
}

/** Names in single braces; doubled braces are braces. */
function placeholdersOf(text: string): string[] {
  return [
    ...text
      .replaceAll('{{', '')
      .replaceAll('}}', '')
      .matchAll(/\{([^{}]*)\}/g),
  ].map((match) => match[1] ?? '')
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

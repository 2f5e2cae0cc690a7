import { z } from 'zod'
import { idSchema } from './words.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Letters as a reader counts them: an emoji with its modifiers is one. */
export function graphemeCount(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count += 1
  return count
}

/** Text of at most so many letters as a reader counts them, and not blank. */
function letters(max: number): z.ZodType<string, string> {
  // Ten code units a letter are more than any real one has; without a bound one "letter" could hold megabytes.
  return z
    .string()
    .trim()
    .min(1)
    .max(max * 10)
    .refine((text) => graphemeCount(text) <= max, `must have at most ${max} characters`)
}

const label = letters(20)
const data = z.string().min(1).max(300)
const said = z.string().trim().min(1).max(300)
const openProtocols = ['https:', 'http:', 'tel:', 'mailto:']

/** Addresses a button may open. */
const opened = z
  .string()
  .max(1000)
  .refine((text) => URL.canParse(text) && openProtocols.includes(new URL(text).protocol), 'must be a web, tel or mailto address')

const pickedAt = z.string().regex(/^(\d{4}-\d{2}-\d{2}([tT]\d{2}:\d{2})?|\d{2}:\d{2})$/)

const sayButton = z.object({ type: z.literal('say'), label, text: said })
const replyButton = z.object({ type: z.literal('reply'), label, data })
const openButton = z.object({ type: z.literal('open'), label, url: opened })
const pickButton = z.object({
  type: z.literal('pick'),
  label,
  data,
  mode: z.enum(['date', 'time', 'datetime']),
  initial: pickedAt.optional(),
  min: pickedAt.optional(),
  max: pickedAt.optional(),
})

/**
 * A button. `say` lets the customer say the text; `reply` gives `data` back, which comes in as a `choice` part; `open` opens
 * an address; `pick` lets the customer choose a day, a time or both.
 */
export const buttonSchema = z.discriminatedUnion('type', [sayButton, replyButton, openButton, pickButton])
export type Button = z.infer<typeof buttonSchema>

/** A suggested answer under the newest message; it goes away once the customer has answered. */
export const quickReplySchema = z.discriminatedUnion('type', [
  sayButton,
  replyButton,
  openButton,
  pickButton,
  z.object({ type: z.literal('location'), label }),
  z.object({ type: z.literal('camera'), label }),
  z.object({ type: z.literal('camera_roll'), label }),
])
export type QuickReply = z.infer<typeof quickReplySchema>

/** Most suggested answers of one message. */
export const maxQuickReplies = 13

/** Suggested answers under a message; at most one such part in a message, and never alone. */
export const quickRepliesPart = z.object({ type: z.literal('quick_replies'), items: z.array(quickReplySchema).min(1).max(maxQuickReplies) })

const title = letters(40)
/** A picture of ours. */
const imageFileId = idSchema

/** Text is shorter beside a title or a picture, as it is on the phone. */
function fits(card: { text: string; title?: string | undefined; imageFileId?: string | undefined }): boolean {
  return (card.title === undefined && card.imageFileId === undefined) || graphemeCount(card.text) <= 60
}
const tooLong = { path: ['text'], message: 'must have at most 60 characters beside a title or picture' }

const buttonsCard = z
  .object({
    kind: z.literal('buttons'),
    title: title.optional(),
    text: letters(160),
    imageFileId: imageFileId.optional(),
    buttons: z.array(buttonSchema).min(1).max(4),
  })
  .refine(fits, tooLong)

const confirmCard = z.object({ kind: z.literal('confirm'), text: letters(240), buttons: z.array(buttonSchema).length(2) })

const column = z
  .object({
    title: title.optional(),
    text: letters(120),
    imageFileId: imageFileId.optional(),
    buttons: z.array(buttonSchema).min(1).max(3),
  })
  .refine(fits, tooLong)

const shapeOf = (c: z.output<typeof column>): string => `${c.buttons.length}:${c.title !== undefined}:${c.imageFileId !== undefined}`

const carouselCard = z
  .object({ kind: z.literal('carousel'), columns: z.array(column).min(1).max(10) })
  .refine(({ columns }) => new Set(columns.map(shapeOf)).size === 1, {
    path: ['columns'],
    message: 'must all have a title or none, a picture or none, and equally many buttons',
  })

const imageCarouselCard = z.object({
  kind: z.literal('image_carousel'),
  columns: z
    .array(z.object({ imageFileId, button: buttonSchema }))
    .min(1)
    .max(10),
})

const across = z.number().int().min(0).max(1040)
const down = z.number().int().min(0).max(2080)
const imageMapCard = z.object({
  kind: z.literal('image_map'),
  imageFileId,
  /** Height of the picture when it is shown 1,040 wide; areas are measured in the same. */
  height: down.min(1),
  areas: z
    .array(
      z.object({
        x: across,
        y: down,
        width: across.min(1),
        height: down.min(1),
        button: z.discriminatedUnion('type', [sayButton, openButton]),
      }),
    )
    .min(1)
    .max(50),
})

/** Largest Flex form, UTF-16 code units of its JSON. */
export const maxFlexChars = 50_000

const flexCard = z.object({
  kind: z.literal('flex'),
  /** LINE's Flex container: a bubble, or a carousel of bubbles. */
  contents: z
    .looseObject({ type: z.enum(['bubble', 'carousel']) })
    .refine((contents) => JSON.stringify(contents).length <= maxFlexChars, `must have at most ${maxFlexChars} characters`),
})

/**
 * The kinds of cards. Limits are those of LINE, the narrowest of the channels that carry them; all words are plain text.
 * Source: LINE Messaging API reference, "Template messages", "Imagemap message", "Flex Message".
 */
export const cardBodySchema = z.discriminatedUnion('kind', [
  buttonsCard,
  confirmCard,
  carouselCard,
  imageCarouselCard,
  imageMapCard,
  flexCard,
])
export type CardBody = z.infer<typeof cardBodySchema>

/** The kinds by name; capabilities list those that a channel carries. */
export const cardKindSchema = z.enum(['buttons', 'confirm', 'carousel', 'image_carousel', 'image_map', 'flex'])
export type CardKind = z.infer<typeof cardKindSchema>

/** A card as it is sent; `altText` stands for it in lists, notifications and where it cannot be shown. */
export const outgoingCardSchema = z.object({
  type: z.literal('card'),
  altText: z.string().trim().min(1).max(400),
  body: cardBodySchema,
})
export type OutgoingCard = z.infer<typeof outgoingCardSchema>

/** Files of ours that a card shows. */
export function filesOfCard(body: CardBody): string[] {
  switch (body.kind) {
    case 'buttons':
    case 'image_map':
      return body.imageFileId === undefined ? [] : [body.imageFileId]
    case 'carousel':
    case 'image_carousel':
      return body.columns.flatMap((c) => c.imageFileId ?? [])
    case 'confirm':
    case 'flex':
      return []
  }
}

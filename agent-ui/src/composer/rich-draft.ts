import { type Button, cardBodySchema, outgoingCardSchema, type QuickReply, quickRepliesPart } from '../../../src/wire/cards.ts'
import type { OutgoingPart } from '../../../src/wire/messages.ts'

/** What can be made: a text with suggested answers, the two plainest cards by fields, and every kind of card as JSON. */
export const richKinds = ['quick', 'buttons', 'confirm', 'json'] as const
export type RichKind = (typeof richKinds)[number]

/** A card or suggested answers being made. */
export interface RichDraft {
  readonly kind: RichKind
  readonly title: string
  readonly text: string
  /** One a line: the words of a button, with what it opens after a bar where it opens something. */
  readonly buttons: string
  readonly altText: string
  readonly json: string
}

/** A button from its line: `Words`, or `Words | https://…`. */
export function buttonOf(line: string): Button {
  const bar = line.indexOf('|')
  const label = (bar < 0 ? line : line.slice(0, bar)).trim()
  if (bar < 0) return { type: 'say', label, text: label }
  return { type: 'open', label, url: line.slice(bar + 1).trim() }
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** What a draft becomes, or which member of it cannot be sent as it is. */
export function partsOf(draft: RichDraft): { readonly parts: OutgoingPart[] } | { readonly wrong: string } {
  if (draft.kind === 'quick') return quickParts(draft)
  const body = cardBodySchema.safeParse(draft.kind === 'json' ? fromJson(draft.json) : bodyOf(draft))
  if (!body.success) return { wrong: wordsOf(body.error.issues[0]) }
  const card = outgoingCardSchema.safeParse({ type: 'card', altText: draft.altText.trim() || draft.text.trim(), body: body.data })
  return card.success ? { parts: [card.data] } : { wrong: wordsOf(card.error.issues[0]) }
}

function quickParts({ text, buttons }: RichDraft): ReturnType<typeof partsOf> {
  if (text.trim() === '') return { wrong: 'text' }
  const items: QuickReply[] = linesOf(buttons).map(buttonOf)
  const replies = quickRepliesPart.safeParse({ type: 'quick_replies', items })
  return replies.success ? { parts: [{ type: 'text', text }, replies.data] } : { wrong: wordsOf(replies.error.issues[0]) }
}

function bodyOf({ kind, title, text, buttons }: RichDraft): unknown {
  const all = linesOf(buttons).map(buttonOf)
  if (kind === 'confirm') return { kind, text, buttons: all }
  return { kind: 'buttons', text, buttons: all, ...(title.trim() !== '' && { title }) }
}

function fromJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    // A Flex container as LINE's own simulator gives it is taken as it is.
    const isFlex = typeof value === 'object' && value !== null && 'type' in value && (value.type === 'bubble' || value.type === 'carousel')
    return isFlex ? { kind: 'flex', contents: value } : value
  } catch {
    return null
  }
}

function wordsOf(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  if (issue === undefined) return ''
  return [issue.path.map(String).join('.'), issue.message].filter((words) => words !== '').join(': ')
}

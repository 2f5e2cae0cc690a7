import { LayoutTemplate } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Button, CardBody, QuickReply } from '../../../../src/wire/cards.ts'
import type { MessagePart } from '../../../../src/wire/messages.ts'
import css from './card-content.module.css'
import { fileUrl } from './media-content.tsx'

type CardPart = Pick<Extract<MessagePart, { type: 'card' }>, 'altText' | 'body'>

const kinds: readonly string[] = ['buttons', 'confirm', 'carousel', 'image_carousel', 'image_map', 'flex'] satisfies CardBody['kind'][]

/** A card of our own making; null for a provider's form that we do not take apart. */
function bodyOf(body: unknown): CardBody | null {
  const ours = typeof body === 'object' && body !== null && 'kind' in body && kinds.includes(String(body.kind))
  return ours ? (body as CardBody) : null
}

interface Panel {
  readonly key: string
  readonly title?: string | undefined
  readonly text?: string | undefined
  readonly imageFileId?: string | undefined
  readonly buttons: readonly Button[]
}

/** The texts of a Flex form, in their order. */
function flexTexts(value: unknown, depth = 12): string[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => flexTexts(item, depth - 1))
  const own = 'type' in value && value.type === 'text' && 'text' in value && typeof value.text === 'string' ? [value.text] : []
  return [...own, ...Object.values(value).flatMap((item) => flexTexts(item, depth - 1))]
}

function panelsOf(body: CardBody): Panel[] {
  switch (body.kind) {
    case 'buttons':
      return [{ key: 'one', ...body }]
    case 'confirm':
      return [{ key: 'one', text: body.text, buttons: body.buttons }]
    case 'carousel':
      return body.columns.map((column, at) => ({ key: `${at}`, ...column }))
    case 'image_carousel':
      return body.columns.map(({ imageFileId, button }, at) => ({ key: `${at}`, imageFileId, buttons: [button] }))
    case 'image_map':
      return [{ key: 'one', imageFileId: body.imageFileId, buttons: body.areas.map((area) => area.button) }]
    case 'flex':
      return [{ key: 'one', text: flexTexts(body.contents).slice(0, 20).join('\n'), buttons: [] }]
  }
}

/** A card as the customer sees it, without its effects. */
export function CardContent({ part }: { part: CardPart }) {
  const { t } = useTranslation()
  const body = bodyOf(part.body)
  if (body === null) {
    return (
      <p className={css.plain}>
        <LayoutTemplate size={15} aria-hidden="true" />
        <span>{t('part.card', { text: part.altText })}</span>
      </p>
    )
  }
  return (
    <div className={css.card}>
      <div className={css.panels}>
        {panelsOf(body).map(({ key, title, text, imageFileId, buttons }) => (
          <div key={key} className={css.panel}>
            {imageFileId !== undefined && <img src={fileUrl(imageFileId)} alt="" loading="lazy" />}
            {title !== undefined && <strong>{title}</strong>}
            {text !== undefined && <p>{text}</p>}
            <ButtonWords buttons={buttons} />
          </div>
        ))}
      </div>
      <span className={css.alt}>{part.altText}</span>
    </div>
  )
}

/** Buttons by their words; they stand in a fixed order, so their place is their identity. */
function ButtonWords({ buttons }: { buttons: readonly (Button | QuickReply)[] }) {
  const placed = buttons.map((button, at) => ({ key: `${at}`, label: button.label }))
  return (
    <ul className={css.buttons}>
      {placed.map(({ key, label }) => (
        <li key={key}>{label}</li>
      ))}
    </ul>
  )
}

/** Suggested answers as they stood under the message. */
export function SuggestedAnswers({ items }: { items: readonly QuickReply[] }) {
  const { t } = useTranslation()
  return (
    <div className={css.suggested}>
      <span className="visually-hidden">{t('part.quickReplies')}</span>
      <ButtonWords buttons={items} />
    </div>
  )
}

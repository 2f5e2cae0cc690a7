import type { Button, CardBody } from '../../../../../../src/wire/cards.ts'
import { useChat } from '../context.ts'
import { ActionButton } from './buttons.tsx'
import { FilePicture } from './media.tsx'

interface Column {
  readonly title?: string | undefined
  readonly text?: string | undefined
  readonly imageFileId?: string | undefined
  readonly buttons: readonly Button[]
}

/** A card, or several side by side. Everything on it is plain text; pictures come from the hub alone. */
export function Card({ body, altText }: { body: CardBody; altText: string }) {
  const columns = columnsOf(body)
  const [only] = columns
  if (columns.length === 1 && only !== undefined) return <One column={only} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard (WCAG 2.1.1).
    <ul class="cards" aria-label={altText} tabIndex={0}>
      {columns.map((column, index) => (
        <li key={index}>
          <One column={column} />
        </li>
      ))}
    </ul>
  )
}

function columnsOf(body: CardBody): readonly Column[] {
  switch (body.kind) {
    case 'buttons':
      return [body]
    case 'confirm':
      return [body]
    case 'carousel':
      return body.columns
    case 'image_carousel':
      return body.columns.map(({ imageFileId, button }) => ({ imageFileId, buttons: [button] }))
    case 'image_map':
    case 'flex':
      return []
  }
}

function One({ column: { title, text, imageFileId, buttons } }: { column: Column }) {
  const { language } = useChat()
  return (
    <div class="bubble card">
      {imageFileId !== undefined && <FilePicture fileId={imageFileId} alt={title ?? language.text('attachment')} />}
      {title !== undefined && <strong>{title}</strong>}
      {text !== undefined && <p>{text}</p>}
      <div class="acts">
        {buttons.map((button, index) => (
          <ActionButton key={index} button={button} />
        ))}
      </div>
    </div>
  )
}

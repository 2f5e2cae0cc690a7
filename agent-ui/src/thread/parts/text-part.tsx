import type { TextPart } from '../../../../src/wire/messages.ts'
import css from './parts.module.css'
import { emojiUrl } from './sticker-url.ts'
import { type Stretch, safeHref, stretchesOf } from './stretches.ts'

function Marked({ stretch }: { stretch: Stretch }) {
  const { text, entity } = stretch
  if (entity?.kind === 'link') {
    const href = safeHref(entity.value ?? text)
    if (href !== null) {
      return (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
          {text}
        </a>
      )
    }
  }
  if (entity?.kind === 'mention') return <span className={css.mention}>{text}</span>
  const emoji = entity?.kind === 'emoji' ? emojiUrl(entity.value) : null
  if (emoji !== null) return <img className={css.emoji} src={emoji} alt={text} loading="lazy" referrerPolicy="no-referrer" />
  return text
}

/** Written words, as they were written: line breaks kept, links live, nothing interpreted. */
export function TextContent({ part }: { part: TextPart }) {
  return (
    <p className={css.text}>
      {stretchesOf(part).map((stretch) => (
        <Marked key={stretch.index} stretch={stretch} />
      ))}
    </p>
  )
}

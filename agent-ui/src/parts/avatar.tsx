import css from './avatar.module.css'

const hues = [214, 158, 32, 280, 344, 92, 250, 12] as const

function hueOf(id: string): number {
  let sum = 0
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return hues[sum % hues.length] ?? 214
}

/** The first letter a person would recognise the name by, whole graphemes only. */
export function initialOf(name: string): string {
  const first = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())[Symbol.iterator]().next()
  return first.done ? '·' : first.value.segment.toLocaleUpperCase()
}

/** A person's picture, or their initial on a quiet tint that stays the same for the same id. Decorative: the name stands beside it. */
export function Avatar(props: { id: string; name: string; url?: string | null; size?: number }) {
  const { id, name, url, size = 32 } = props
  const style = { width: size, height: size, fontSize: Math.round(size * 0.42), '--hue': hueOf(id) }
  if (url) return <img className={css.avatar} style={style} src={url} alt="" loading="lazy" referrerPolicy="no-referrer" />
  return (
    <span className={css.avatar} style={style} aria-hidden="true">
      {initialOf(name)}
    </span>
  )
}

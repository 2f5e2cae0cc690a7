import type { FoundSnippet } from '../../../src/wire/search.ts'
import css from './search.module.css'

/** A piece of a text with what was found in it marked; only ever text, whatever it says. */
export function MarkedText({ snippet: { text, marks } }: { snippet: FoundSnippet }) {
  const places = marks.map(({ from, to }, i) => ({ from, to, before: text.slice(marks[i - 1]?.to ?? 0, from) }))
  return (
    <bdi className={css.snippet}>
      {places.map(({ from, to, before }) => (
        <span key={from}>
          {before}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.to ?? 0)}
    </bdi>
  )
}

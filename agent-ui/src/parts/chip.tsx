import type { ReactNode } from 'react'
import css from './chip.module.css'

/** What a chip says by its colour; its words and icon always say it too. */
export type ChipTone = 'plain' | 'accent' | 'good' | 'warn' | 'bad' | 'note'

/** A short label about the state of a thing. */
export function Chip(props: { tone?: ChipTone; icon?: ReactNode; title?: string; children: ReactNode }) {
  return (
    <span className={css.chip} data-tone={props.tone ?? 'plain'} title={props.title}>
      {props.icon}
      <span className={css.words}>{props.children}</span>
    </span>
  )
}

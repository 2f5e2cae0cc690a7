import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneAct, PhoneButton, PhonePanel } from '../../../src/wire/sandbox.ts'
import css from './card.module.css'

/** What the customer does with a button; `ask` is for the phone itself. */
export type OnButton = (act: PhoneAct) => void

/** The kind of field that a browser has for what is chosen. */
const fieldTypes = { date: 'date', time: 'time', datetime: 'datetime-local' } as const

/** Addresses that a touch may open. */
const opens = (value: string): boolean => /^(https?|tel|mailto):/.test(value)

/** One button: it says, gives back, opens, or asks for a day or a time first. */
export function ButtonOf({ button, onAct }: { button: PhoneButton; onAct: OnButton }) {
  const { t } = useTranslation()
  const [picking, setPicking] = useState(false)
  const { label, act, value, mode = 'date' } = button
  if (act === 'open') {
    return opens(value) ? (
      <a className={css.button} href={value} target="_blank" rel="noreferrer">
        {label || t('bubble.open')}
      </a>
    ) : null
  }
  if (picking) {
    return (
      <input
        className={css.field}
        type={fieldTypes[mode]}
        aria-label={label}
        onChange={(event) => {
          if (event.target.value === '') return
          setPicking(false)
          onAct({ act: 'postback', data: value, picked: { mode, value: event.target.value } })
        }}
      />
    )
  }
  const touch = (): void => {
    if (act === 'pick') setPicking(true)
    else if (act === 'reply') onAct({ act: 'postback', data: value })
    else if (act === 'say') onAct({ act: 'text', text: value })
    else onAct({ act: 'location', latitude: 25.033964, longitude: 121.564468, title: label })
  }
  return (
    <button type="button" className={css.button} onClick={touch} disabled={act === 'ask' && value !== 'location'}>
      {label}
    </button>
  )
}

/** A template, image map or Flex message: its panels side by side. */
export function Card({ panels, onAct }: { panels: readonly PhonePanel[]; onAct: OnButton }) {
  const { t } = useTranslation()
  return (
    <div className={css.panels}>
      {panels.map((panel, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the panels of one message never change places.
        <div key={at} className={css.panel}>
          {panel.imageUrl !== null && <img src={panel.imageUrl} alt={panel.title ?? t('bubble.image')} />}
          <div className={css.lines}>
            {panel.title !== null && <strong>{panel.title}</strong>}
            {panel.lines.map((line, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one message never change places.
              <span key={row}>{line}</span>
            ))}
          </div>
          {panel.buttons.map((button, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the buttons of one message never change places.
            <ButtonOf key={row} button={button} onAct={onAct} />
          ))}
        </div>
      ))}
    </div>
  )
}

/** Suggested answers above the field. */
export function QuickReplies({ replies, onAct }: { replies: readonly PhoneButton[]; onAct: OnButton }) {
  const { t } = useTranslation()
  if (replies.length === 0) return null
  return (
    <fieldset className={css.replies} aria-label={t('phone.quickReplies')}>
      {replies.map((button, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the answers of one message never change places.
        <ButtonOf key={at} button={button} onAct={onAct} />
      ))}
    </fieldset>
  )
}

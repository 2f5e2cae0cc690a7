import { useTranslation } from 'react-i18next'
import type { MessagePart } from '../../../src/wire/messages.ts'
import { useFormat } from '../i18n/format.ts'
import { serverNow } from '../live/clock.ts'
import css from './thread.module.css'

/** Parts of a line about what happened. */
export type SystemPart = Extract<MessagePart, { type: 'system' }>

/** The name under which a code's words are kept: dots would nest. */
export function systemKey(code: string): string {
  return `system.${code.replace(/[^A-Za-z0-9]+/g, '_')}`
}

/** A line about what happened, in the reader's language; a code we have no words for is named as it came. */
export function useSystemWords(): (part: SystemPart) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return ({ code, params = {} }) => {
    const until = typeof params['until'] === 'number' ? { until: format.dateTime(params['until'], serverNow()) } : {}
    const context = params['disposition'] === undefined ? {} : { context: 'disposition' }
    return t([systemKey(code), 'system.unknown'], { ...params, ...until, ...context, code })
  }
}

/** One neutral line between messages. */
export function SystemLine({ part, time }: { part: SystemPart; time: string }) {
  const words = useSystemWords()
  return (
    <p className={css.system}>
      <span>{words(part)}</span>
      <time>{time}</time>
    </p>
  )
}

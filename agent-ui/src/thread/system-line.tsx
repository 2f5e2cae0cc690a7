import { useTranslation } from 'react-i18next'
import type { MessagePart } from '../../../src/wire/messages.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import css from './thread.module.css'

/** Parts of a line about what happened. */
export type SystemPart = Extract<MessagePart, { type: 'system' }>

/** Words for a system line that reached us without words of its own: `line.<type>`, `<area>.<what>`. */
function keysOf(code: string): readonly string[] {
  const name = code.replace(/[^A-Za-z0-9_]+/g, '_')
  return [`system.${name}`, 'system.unknown']
}

/** A line about what happened, in the reader's language; a code we have no words for is named as it came. */
export function useSystemWords(): (part: SystemPart, channel: ChannelId) => string {
  const { t } = useTranslation()
  return (part, channel) => t([...keysOf(part.code)], { ...part.params, code: part.code, channel: t(`channel.${channel}`) })
}

/** One neutral line between messages. */
export function SystemLine({ part, channel, time }: { part: SystemPart; channel: ChannelId; time: string }) {
  const words = useSystemWords()
  return (
    <p className={css.system}>
      <span>{words(part, channel)}</span>
      <time>{time}</time>
    </p>
  )
}

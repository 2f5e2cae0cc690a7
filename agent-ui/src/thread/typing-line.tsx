import { useTranslation } from 'react-i18next'
import type { AgentSignals } from '../../../src/wire/events.ts'
import { usePresence } from '../live/presence.ts'
import { useNow } from '../live/use-now.ts'
import css from './thread.module.css'

const nobody: readonly AgentSignals['typing'][] = []

/** Who is typing in this conversation now; each sign ends by itself. */
export function TypingLine({ conversationId, me }: { conversationId: string; me: string }) {
  const { t } = useTranslation()
  const signs = usePresence((p) => p.typingIn[conversationId] ?? nobody)
  const now = useNow(1_000)
  const who = signs.filter((s) => s.id !== me && s.until > now)
  if (who.length === 0) return null
  return (
    <p className={css.typing}>
      <span className={css.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {who.length === 1 ? t('thread.typing', { name: who[0]?.name }) : t('thread.typingMany', { count: who.length })}
    </p>
  )
}

import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { usePresence } from '../live/presence.ts'
import { useMe } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import css from './thread-header.module.css'

const nobody: readonly { id: string; name: string }[] = []

/** Colleagues who have this conversation open at this moment. */
export function Viewers({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe().agent.id
  const others = usePresence((p) => p.viewersOf[conversationId] ?? nobody).filter((a) => a.id !== me)
  if (others.length === 0) return null
  const label = t('thread.viewers', { names: format.list(others.map((a) => a.name)), count: others.length })
  return (
    <span className={css.viewers} title={label}>
      <span className="visually-hidden">{label}</span>
      {others.slice(0, 4).map((agent) => (
        <Avatar key={agent.id} id={agent.id} name={agent.name} size={24} />
      ))}
    </span>
  )
}

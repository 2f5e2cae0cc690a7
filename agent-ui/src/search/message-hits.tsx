import { Link } from '@tanstack/react-router'
import { NotebookPen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MessageHit } from '../../../src/wire/search.ts'
import { useFormat } from '../i18n/format.ts'
import { useNow } from '../live/use-now.ts'
import { useAgent } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { MarkedText } from './marked-text.tsx'
import css from './search.module.css'
import type { ConversationHits } from './use-search.ts'

function Hit({ hit }: { hit: MessageHit }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(60_000)
  const { conversation, message, place } = hit
  const who = place === 'subject' ? t('search.subject') : message === null ? t('search.wrapUpNote') : message.author.name
  return (
    <Link
      to="/inbox/$view/$conversationId"
      params={{ view: conversation.status === 'resolved' ? 'resolved' : 'open', conversationId: conversation.id }}
      {...(message === null ? {} : { hash: `m${message.ordinal}` })}
      className={css.hit ?? ''}
      data-result
    >
      <span className={css.hitHead}>
        {message?.direction === 'note' && <NotebookPen size={12} role="img" aria-label={t('preview.note')} />}
        <bdi className={css.who}>{who}</bdi>
        <time dateTime={new Date(hit.at).toISOString()}>{format.dateTime(hit.at, now)}</time>
      </span>
      <MarkedText snippet={hit.snippet} />
    </Link>
  )
}

/** What was found of one conversation, the newest first; each opens it at its message. */
export function ConversationResult({ group: { conversation, hits } }: { group: ConversationHits }) {
  const { t } = useTranslation()
  const assignee = useAgent(conversation.assigneeId)
  const { contact } = conversation
  return (
    <li className={css.group}>
      <div className={css.groupHead}>
        <Avatar id={contact.id} name={contact.name} url={contact.avatarUrl} size={26} />
        <h3>
          <bdi>{contact.name}</bdi>
        </h3>
        <ChannelIcon channel={conversation.channel} size={14} />
        <span className={css.about}>
          {[conversation.subject, t(`status.${conversation.status}`), assignee?.name].filter(Boolean).join(' · ')}
        </span>
      </div>
      <ul className={css.hits}>
        {hits.map((hit) => (
          <li key={hit.message?.id ?? hit.place}>
            <Hit hit={hit} />
          </li>
        ))}
      </ul>
    </li>
  )
}

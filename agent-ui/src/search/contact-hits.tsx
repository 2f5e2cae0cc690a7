import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { ContactHit } from '../../../src/wire/search.ts'
import { http } from '../api/http.ts'
import { useFormat } from '../i18n/format.ts'
import { usePreviewWords } from '../inbox/conversation-row.tsx'
import { useNow } from '../live/use-now.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Failure } from '../parts/notice.tsx'
import { MarkedText } from './marked-text.tsx'
import css from './search.module.css'

/** Conversations of a contact shown at once. */
const shownConversations = 10

async function conversationsOf(contactId: string, signal: AbortSignal): Promise<readonly Conversation[]> {
  const page = (view: 'open' | 'resolved') =>
    http.get<{ items: readonly Conversation[] }>(`/contacts/${contactId}/conversations`, { view, limit: shownConversations }, signal)
  const [open, resolved] = await Promise.all([page('open'), page('resolved')])
  return [...open.items, ...resolved.items].slice(0, shownConversations)
}

function Conversations({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(60_000)
  const words = usePreviewWords()
  const page = useQuery({ queryKey: ['found-contact', contactId], queryFn: ({ signal }) => conversationsOf(contactId, signal) })
  if (page.isError) return <Failure error={page.error} onRetry={() => void page.refetch()} />
  if (page.isPending) return <p className={css.quiet}>{t('common.loading')}</p>
  if (page.data.length === 0) return <p className={css.quiet}>{t('search.noConversations')}</p>
  return (
    <ul className={css.hits}>
      {page.data.map((c) => (
        <li key={c.id}>
          <Link
            to="/inbox/$view/$conversationId"
            params={{ view: c.status === 'resolved' ? 'resolved' : 'open', conversationId: c.id }}
            className={css.hit ?? ''}
            data-result
          >
            <span className={css.hitHead}>
              <ChannelIcon channel={c.channel} size={13} />
              <span className={css.who}>{t(`status.${c.status}`)}</span>
              <time dateTime={new Date(c.lastMessageAt).toISOString()}>{format.dateTime(c.lastMessageAt, now)}</time>
            </span>
            <bdi className={css.snippet}>{c.subject ?? words(c.preview)}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** A contact that was found, by what, and on demand their conversations. */
export function ContactResult({ hit: { contact, found } }: { hit: ContactHit }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <li className={css.group}>
      <button type="button" className={css.contact} aria-expanded={open} aria-controls={id} data-result onClick={() => setOpen(!open)}>
        <Avatar id={contact.id} name={contact.name} url={contact.avatarUrl} size={26} />
        <span className={css.contactWords}>
          <bdi className={css.who}>{contact.name}</bdi>
          {found.map(({ field, label, snippet }) => (
            <span key={`${field} ${label ?? ''} ${snippet.text}`} className={css.piece}>
              <span className={css.about}>{label ?? t(`search.in.${field}`)}</span> <MarkedText snippet={snippet} />
            </span>
          ))}
        </span>
        <ChevronDown size={15} aria-hidden="true" className={css.chevron} />
      </button>
      <div id={id} hidden={!open}>
        {open && <Conversations contactId={contact.id} />}
      </div>
    </li>
  )
}

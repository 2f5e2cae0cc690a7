import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { usePreviewWords } from '../inbox/conversation-row.tsx'
import { useNow } from '../live/use-now.ts'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { contactApi } from './contact-api.ts'
import css from './contact-panel.module.css'

/** Other conversations with the same customer, on whatever channel. */
export function PreviousConversations({ contactId, currentId }: { contactId: string; currentId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = usePreviewWords()
  const now = useNow(60_000)
  const page = useQuery({
    queryKey: ['contact-conversations', contactId, currentId],
    queryFn: ({ signal }) => contactApi.conversations(contactId, signal),
  })
  const others = page.data?.items.filter((c) => c.id !== currentId) ?? []
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h4>{t('panel.previous')}</h4>
      </div>
      {page.isSuccess && others.length === 0 && <p className={css.quiet}>{t('panel.nonePrevious')}</p>}
      <ul className={css.previous}>
        {others.map((c) => (
          <li key={c.id}>
            <Link to="/inbox/$view/$conversationId" params={{ view: c.status === 'resolved' ? 'resolved' : 'open', conversationId: c.id }}>
              <ChannelIcon channel={c.channel} size={14} />
              <span className="cut">{c.subject ?? words(c.preview)}</span>
              <span className={css.meta}>{format.ago(c.lastMessageAt, now)}</span>
              <span className={css.second}>{[t(`status.${c.status}`), c.disposition].filter(Boolean).join(' · ')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

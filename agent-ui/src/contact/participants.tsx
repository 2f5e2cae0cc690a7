import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { Avatar } from '../parts/avatar.tsx'
import { contactApi } from './contact-api.ts'
import css from './contact-panel.module.css'

/** Who is in the group, as far as the provider tells; nothing for a conversation with one person. */
export function Participants({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['participants', conversation.id, conversation.messageCount],
    queryFn: ({ signal }) => contactApi.participants(conversation.id, signal),
    placeholderData: (before) => before,
  })
  const people = data?.items ?? []
  if (people.length === 0) return null
  return (
    <section className={css.section} aria-labelledby="participants-title">
      <h4 id="participants-title">{t('panel.participants', { count: people.length })}</h4>
      <ul className={css.people}>
        {people.map(({ id, name, avatarUrl }) => (
          <li key={id}>
            <Avatar id={id} name={name} url={avatarUrl} size={22} />
            <bdi className="cut">{name}</bdi>
          </li>
        ))}
      </ul>
    </section>
  )
}

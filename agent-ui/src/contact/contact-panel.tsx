import { ActionIcon, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../src/wire/contacts.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useKnownContact, useMay } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Failure } from '../parts/notice.tsx'
import { contactApi } from './contact-api.ts'
import { ContactFields } from './contact-fields.tsx'
import { ContactNotes } from './contact-notes.tsx'
import css from './contact-panel.module.css'
import { ContactPoints } from './contact-points.tsx'
import { CustomerLinks } from './customer-links.tsx'
import { Participants } from './participants.tsx'
import { PreviousConversations } from './previous-conversations.tsx'
import { RoutingWhy } from './routing-why.tsx'

function useContact(id: string) {
  const loaded = useQuery({ queryKey: ['contact', id], queryFn: ({ signal }) => contactApi.get(id, signal) })
  return { contact: useKnownContact(id) ?? loaded.data, loaded }
}

function Card({ contact, conversation }: { contact: Contact; conversation: Conversation }) {
  const { t } = useTranslation()
  const mayWrite = useMay('contact.write')
  const mayReply = useMay('conversation.reply')
  const channelMenus = contact.points.some(({ kind }) => kind === 'line') && conversation.channel === 'line' && mayReply
  return (
    <>
      <div className={css.identity}>
        <Avatar id={contact.id} name={contact.name} url={contact.avatarUrl} size={48} />
        <div className={css.names}>
          <h3>
            <bdi>{contact.name}</bdi>
          </h3>
          <p className="cut">{contact.company?.name ?? t('panel.noCompany')}</p>
        </div>
      </div>
      <ContactPoints points={contact.points} />
      <ContactFields contact={contact} mayWrite={mayWrite} />
      <Participants conversation={conversation} />
      {channelMenus && <CustomerLinks conversation={conversation} />}
      <RoutingWhy conversation={conversation} />
      <ContactNotes contactId={contact.id} mayWrite={mayWrite} />
      <PreviousConversations contactId={contact.id} currentId={conversation.id} />
    </>
  )
}

/** Who the customer is: how to reach them, what is known and noted, what was before, why it came here. */
export function ContactPanel(props: { conversation: Conversation; overlay: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { conversation } = props
  const { contact, loaded } = useContact(conversation.contact.id)
  return (
    <aside className={css.panel} data-overlay={props.overlay || undefined} aria-label={t('panel.label')}>
      {props.overlay && (
        <ActionIcon className={css.close ?? ''} aria-label={t('panel.close')} onClick={props.onClose}>
          <X size={18} />
        </ActionIcon>
      )}
      {contact ? (
        <Card contact={contact} conversation={conversation} />
      ) : loaded.isError ? (
        <Failure error={loaded.error} onRetry={() => void loaded.refetch()} />
      ) : (
        <div role="status" className={css.section}>
          <span className="visually-hidden">{t('common.loading')}</span>
          <Skeleton circle height={48} width={48} mb={12} />
          <Skeleton height={12} width="60%" mb={8} />
          <Skeleton height={12} width="40%" />
        </div>
      )}
    </aside>
  )
}

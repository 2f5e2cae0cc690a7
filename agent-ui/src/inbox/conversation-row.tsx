import { Link } from '@tanstack/react-router'
import { CornerUpLeft, NotebookPen, PencilLine } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, ConversationView } from '../../../src/wire/conversations.ts'
import { useDraftWords } from '../composer/drafts.ts'
import { useFormat } from '../i18n/format.ts'
import { useAgent, useQueue } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Chip } from '../parts/chip.tsx'
import { SlaChip } from '../parts/sla-chip.tsx'
import css from './conversation-row.module.css'

/** Words of the last message for a list: what it says, or what kind of thing it is. */
export function usePreviewWords(): (preview: Conversation['preview']) => string {
  const { t } = useTranslation()
  return (preview) => {
    if (preview === null) return t('preview.none')
    if (preview.kind === 'text') return preview.text
    return t(`preview.${preview.kind}`, { text: preview.text, defaultValue: preview.text || t('preview.unsupported') })
  }
}

function Preview({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const words = usePreviewWords()
  const draft = useDraftWords(conversation.id)
  if (draft !== null) {
    return (
      <span className={css.preview}>
        <PencilLine size={12} aria-hidden="true" className={css.draft} />
        <span className="cut">
          <span className={css.draft}>{t('preview.draft')}</span> {draft}
        </span>
      </span>
    )
  }
  const direction = conversation.preview?.direction
  return (
    <span className={css.preview}>
      {direction === 'out' && <CornerUpLeft size={12} role="img" aria-label={t('preview.fromUs')} />}
      {direction === 'note' && <NotebookPen size={12} role="img" aria-label={t('preview.note')} />}
      <span className="cut">{words(conversation.preview)}</span>
    </span>
  )
}

/** Messages nobody has read yet. */
export function unreadOf(conversation: Conversation): number {
  return Math.max(0, conversation.messageCount - conversation.readCount)
}

function Unread({ count }: { count: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (count === 0) return null
  return (
    <span className={css.unread}>
      <span aria-hidden="true">{count > 9 ? '9+' : format.number(count)}</span>
      <span className="visually-hidden">{t('list.unread', { count })}</span>
    </span>
  )
}

function Signs({ conversation, now, me, withQueue }: { conversation: Conversation; now: number; me: string; withQueue: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const assignee = useAgent(conversation.assigneeId)
  const queue = useQueue(withQueue ? conversation.queueId : undefined)
  const { status, waitingSince, snoozedUntil } = conversation
  return (
    <span className={css.signs}>
      {(status === 'queued' || status === 'offered') && (
        <Chip tone={status === 'offered' ? 'accent' : 'plain'}>{t(`list.${status}`, { span: format.span(now - waitingSince) })}</Chip>
      )}
      {status === 'wrap_up' && <Chip tone="accent">{t('status.wrap_up')}</Chip>}
      {status === 'snoozed' && (
        <Chip>{snoozedUntil === null ? t('status.snoozed') : t('list.snoozed', { until: format.dateTime(snoozedUntil, now) })}</Chip>
      )}
      {status === 'bot' && <Chip>{t('status.bot')}</Chip>}
      {conversation.blocked && <Chip tone="bad">{t('list.blocked')}</Chip>}
      <SlaChip conversation={conversation} now={now} />
      {queue && <span className={css.queue}>{queue.name}</span>}
      {assignee && assignee.id !== me && (
        <span className={css.assignee} title={t('list.assignee', { name: assignee.name })}>
          <Avatar id={assignee.id} name={assignee.name} size={18} />
          <span className="visually-hidden">{t('list.assignee', { name: assignee.name })}</span>
        </span>
      )}
    </span>
  )
}

/** One conversation in a list. */
export const ConversationRow = memo(function ConversationRow(props: {
  conversation: Conversation
  view: ConversationView
  now: number
  me: string
  withQueue: boolean
}) {
  const { conversation, view, now, me } = props
  const format = useFormat()
  const unread = unreadOf(conversation)
  return (
    <Link
      to="/inbox/$view/$conversationId"
      params={{ view, conversationId: conversation.id }}
      search={(before) => before}
      className={css.row ?? ''}
      data-unread={unread > 0 || undefined}
      activeProps={{ 'data-chosen': true, 'aria-current': 'true' }}
    >
      <Avatar id={conversation.contact.id} name={conversation.contact.name} url={conversation.contact.avatarUrl} size={34} />
      <span className={css.body}>
        <span className={css.top}>
          <span className={css.channel}>
            <ChannelIcon channel={conversation.channel} size={13} />
          </span>
          <bdi className={css.name}>{conversation.contact.name}</bdi>
          <time className={css.time} dateTime={new Date(conversation.lastMessageAt).toISOString()}>
            {format.ago(conversation.lastMessageAt, now)}
          </time>
        </span>
        <span className={css.middle}>
          <Preview conversation={conversation} />
          <Unread count={unread} />
        </span>
        <Signs conversation={conversation} now={now} me={me} withQueue={props.withQueue} />
      </span>
    </Link>
  )
})

import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Inbox } from '../../../src/wire/inboxes.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useQueues } from '../live/use-things.ts'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Chip } from '../parts/chip.tsx'
import { Empty, Failure } from '../parts/notice.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { InboxDialog } from './inbox-dialog.tsx'

function InboxRow({ inbox, queueName, onEdit }: { inbox: Inbox; queueName: string; onEdit: () => void }) {
  const { t } = useTranslation()
  const well = inbox.health.state === 'ok'
  const sentence = useSentence()
  const queries = useQueryClient()
  const check = useMutation({
    mutationFn: () => adminApi.checkInbox(inbox.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'inboxes'] }),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <tr data-off={!inbox.enabled || undefined}>
      <th scope="row">
        <span className={css.person}>
          <ChannelIcon channel={inbox.channel} size={16} />
          <span>
            {inbox.name}
            <span className={css.second}>{t(`channel.${inbox.channel}`)}</span>
          </span>
        </span>
      </th>
      <td>{queueName}</td>
      <td>
        {inbox.enabled ? <Chip tone={well ? 'good' : 'bad'}>{t(`health.${inbox.health.state}`)}</Chip> : <Chip>{t('admin.off')}</Chip>}
        {!well && <span className={css.second}>{t(`healthFix.${inbox.health.state}`)}</span>}
        {!well && inbox.health.detail && (
          <span className={css.second}>{t(`healthDetail.${inbox.health.detail}`, { defaultValue: inbox.health.detail })}</span>
        )}
        {inbox.quota && inbox.quota.limit !== null && (
          <span className={css.second}>{t('admin.quota', { used: inbox.quota.used, limit: inbox.quota.limit })}</span>
        )}
      </td>
      <td className={css.end}>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('admin.checkInbox')}
        </Button>{' '}
        <Button variant="default" onClick={onEdit}>
          {t('common.edit')}
        </Button>
      </td>
    </tr>
  )
}

/** The connected accounts, how they are doing, and where their conversations go. */
export function InboxesPage() {
  const { t } = useTranslation()
  const inboxes = useQuery({ queryKey: ['admin', 'inboxes'], queryFn: adminApi.inboxes })
  const queues = useQueues()
  const [editing, setEditing] = useState<{ readonly id: string | null } | null>(null)
  if (inboxes.isError) return <Failure error={inboxes.error} onRetry={() => void inboxes.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.inboxesHint')}</p>
        <Button leftSection={<Plus size={15} />} onClick={() => setEditing({ id: null })}>
          {t('admin.addInbox')}
        </Button>
      </div>
      {inboxes.data?.items.length === 0 && <Empty title={t('admin.noInboxes')} />}
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('admin.name')}</th>
              <th scope="col">{t('supervisor.queue')}</th>
              <th scope="col">{t('admin.health')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {inboxes.data?.items.map((inbox) => (
              <InboxRow
                key={inbox.id}
                inbox={inbox}
                queueName={queues.find((q) => q.id === inbox.queueId)?.name ?? '–'}
                onEdit={() => setEditing({ id: inbox.id })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {editing !== null && <InboxDialog inboxId={editing.id} onClose={() => setEditing(null)} />}
    </div>
  )
}

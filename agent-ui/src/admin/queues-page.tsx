import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Queue } from '../../../src/wire/queues.ts'
import { useFormat } from '../i18n/format.ts'
import { Chip } from '../parts/chip.tsx'
import { Empty, Failure } from '../parts/notice.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { Findings } from './findings.tsx'
import { QueueDialog } from './queue-dialog.tsx'

function QueueRow({ queue, onEdit }: { queue: Queue; onEdit: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { settings } = queue
  return (
    <tr data-off={!queue.enabled || undefined}>
      <th scope="row">
        {queue.name} {!queue.enabled && <Chip>{t('admin.off')}</Chip>}
      </th>
      <td>{format.number(settings.priority)}</td>
      <td>{t(`admin.selection.${settings.selection}`)}</td>
      <td>{settings.firstResponseMs === null ? '–' : format.span(settings.firstResponseMs)}</td>
      <td>{settings.wrapUpMs === 0 ? '–' : format.span(settings.wrapUpMs)}</td>
      <td>{format.number(queue.memberIds.length)}</td>
      <td className={css.end}>
        <Button variant="default" onClick={onEdit}>
          {t('common.edit')}
        </Button>
      </td>
    </tr>
  )
}

/** The queues with their rules in short. */
export function QueuesPage() {
  const { t } = useTranslation()
  const queues = useQuery({ queryKey: ['admin', 'queues'], queryFn: adminApi.queues })
  const [editing, setEditing] = useState<Queue | 'new' | null>(null)
  if (queues.isError) return <Failure error={queues.error} onRetry={() => void queues.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.queuesHint')}</p>
        <Button leftSection={<Plus size={15} />} onClick={() => setEditing('new')}>
          {t('admin.addQueue')}
        </Button>
      </div>
      <Findings />
      {queues.data?.items.length === 0 && <Empty title={t('admin.noQueues')} />}
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('admin.name')}</th>
              <th scope="col">{t('admin.priority')}</th>
              <th scope="col">{t('admin.selectionLabel')}</th>
              <th scope="col">{t('admin.firstResponse')}</th>
              <th scope="col">{t('wrapUp.title')}</th>
              <th scope="col">{t('admin.members')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {queues.data?.items.map((queue) => (
              <QueueRow key={queue.id} queue={queue} onEdit={() => setEditing(queue)} />
            ))}
          </tbody>
        </table>
      </div>
      {editing !== null && <QueueDialog queue={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  )
}

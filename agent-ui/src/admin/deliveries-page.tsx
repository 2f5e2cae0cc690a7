import { Button, Modal, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Delivery } from '../../../src/wire/deliveries.ts'
import type { DeliveryStatus } from '../../../src/wire/words.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useNow } from '../live/use-now.ts'
import { useInbox, useMay } from '../live/use-things.ts'
import { Chip, type ChipTone } from '../parts/chip.tsx'
import { Empty, Failure } from '../parts/notice.tsx'
import { reachable } from '../parts/reachable.ts'
import { tellDone, tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'

const statuses: readonly DeliveryStatus[] = ['quarantined', 'received', 'processed', 'duplicate']
const tones: Readonly<Record<DeliveryStatus, ChipTone>> = { quarantined: 'bad', received: 'warn', processed: 'good', duplicate: 'plain' }

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}

function RawDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const delivery = useQuery({ queryKey: ['admin', 'delivery', id], queryFn: () => adminApi.delivery(id) })
  return (
    <Modal opened onClose={onClose} size="xl" title={t('admin.raw')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {delivery.isError && <Failure error={delivery.error} onRetry={() => void delivery.refetch()} />}
      {delivery.data && (
        <>
          {delivery.data.error && <p className={css.error}>{delivery.data.error}</p>}
          <pre className={css.raw} {...reachable}>
            {delivery.data.encoding === 'utf8' ? pretty(delivery.data.raw) : delivery.data.raw}
          </pre>
        </>
      )}
    </Modal>
  )
}

function DeliveryRow({
  delivery,
  now,
  onLook,
  onReplayed,
}: {
  delivery: Delivery
  now: number
  onLook: () => void
  onReplayed: () => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const inbox = useInbox(delivery.inboxId)
  const mayReplay = useMay('delivery.replay')
  const replay = useMutation({
    mutationFn: () => adminApi.replay(delivery.id),
    onSuccess: ({ status, error }) => {
      if (status === 'quarantined') tellFailure(error ?? t('errors.quarantined'))
      else tellDone(t('admin.replayed'))
      onReplayed()
    },
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <tr>
      <td>{format.dateTime(delivery.receivedAt, now)}</td>
      <td>{inbox?.name ?? '–'}</td>
      <td>
        <Chip tone={tones[delivery.status]}>{t(`deliveryStatus.${delivery.status}`)}</Chip>
        {delivery.error && <span className={css.second}>{delivery.error}</span>}
      </td>
      <td>{delivery.repeats > 0 ? t('admin.repeats', { count: delivery.repeats }) : '–'}</td>
      <td className={css.end}>
        <Button variant="subtle" onClick={onLook}>
          {t('admin.look')}
        </Button>
        {delivery.status === 'quarantined' && mayReplay && (
          <Button variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            {t('admin.replay')}
          </Button>
        )}
      </td>
    </tr>
  )
}

function useDeliveries(status: DeliveryStatus) {
  return useInfiniteQuery({
    queryKey: ['admin', 'deliveries', status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => adminApi.deliveries(status, pageParam),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
  })
}

/** The ledger of what the platforms have sent: what is in quarantine and why, and a way to take it up again. */
export function DeliveriesPage() {
  const { t } = useTranslation()
  const now = useNow(60_000)
  const [status, setStatus] = useState<DeliveryStatus>('quarantined')
  const [looking, setLooking] = useState<string | null>(null)
  const deliveries = useDeliveries(status)
  const rows = deliveries.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.deliveriesHint')}</p>
        <SegmentedControl
          aria-label={t('admin.status')}
          value={status}
          onChange={(s) => setStatus(s)}
          data={statuses.map((s) => ({ value: s, label: t(`deliveryStatus.${s}`) }))}
        />
      </div>
      {deliveries.isError && <Failure error={deliveries.error} onRetry={() => void deliveries.refetch()} />}
      {deliveries.isSuccess && rows.length === 0 && <Empty title={t(`admin.noDeliveries.${status}`)} />}
      {rows.length > 0 && (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('admin.received')}</th>
                <th scope="col">{t('admin.inbox')}</th>
                <th scope="col">{t('admin.status')}</th>
                <th scope="col">{t('admin.sentAgain')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {rows.map((d) => (
                <DeliveryRow
                  key={d.id}
                  delivery={d}
                  now={now}
                  onLook={() => setLooking(d.id)}
                  onReplayed={() => void deliveries.refetch()}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {deliveries.hasNextPage && (
        <Button variant="default" mt="md" loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
          {t('admin.more')}
        </Button>
      )}
      {looking !== null && <RawDialog id={looking} onClose={() => setLooking(null)} />}
    </div>
  )
}

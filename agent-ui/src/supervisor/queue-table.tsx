import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { timer, useFormat } from '../i18n/format.ts'
import { useNow } from '../live/use-now.ts'
import { useQueues, useStats } from '../live/use-things.ts'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { channels } from './floor.ts'
import css from './supervisor.module.css'

/** What waits in each queue, by channel, and for how long the first has waited. */
export function QueueTable() {
  const { t } = useTranslation()
  const format = useFormat()
  const stats = useStats()
  const queues = useQueues().filter((q) => q.enabled && stats[q.id])
  const now = useNow(1_000)
  const used = channels.filter((c) => Object.values(stats).some((s) => (s.waitingByChannel[c] ?? 0) > 0))
  return (
    <section className={css.block}>
      <h2>{t('supervisor.queues')}</h2>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('supervisor.queue')}</th>
              <th scope="col" className={css.right}>
                {t('supervisor.waiting')}
              </th>
              {used.map((channel) => (
                <th scope="col" key={channel} className={css.right}>
                  <ChannelIcon channel={channel} />
                </th>
              ))}
              <th scope="col" className={css.right}>
                {t('supervisor.longest')}
              </th>
              <th scope="col" className={css.right}>
                {t('supervisor.active')}
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => {
              const s = stats[queue.id]
              if (s === undefined) return null
              return (
                <tr key={queue.id}>
                  <th scope="row">
                    <Link to="/inbox/$view" params={{ view: 'waiting' }} search={{ queue: queue.id }}>
                      {queue.name}
                    </Link>
                  </th>
                  <td className={css.right}>
                    <strong>{format.number(s.waiting)}</strong>
                  </td>
                  {used.map((channel) => (
                    <td key={channel} className={css.right}>
                      {s.waitingByChannel[channel] ? format.number(s.waitingByChannel[channel]) : <span className={css.none}>–</span>}
                    </td>
                  ))}
                  <td className={css.right}>
                    {s.oldestWaitingSince === null ? <span className={css.none}>–</span> : timer(now - s.oldestWaitingSince)}
                  </td>
                  <td className={css.right}>{format.number(s.active)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}

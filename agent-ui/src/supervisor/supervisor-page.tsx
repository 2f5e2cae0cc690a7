import { useTranslation } from 'react-i18next'
import { useMay } from '../live/use-things.ts'
import { Empty } from '../parts/notice.tsx'
import { AgentTable } from './agent-table.tsx'
import { DataAge } from './data-age.tsx'
import { QueueTable } from './queue-table.tsx'
import css from './supervisor.module.css'
import { Tiles } from './tiles.tsx'

/** The floor at this moment: what waits where, who is in which state with how much, and what to do about it. */
export function SupervisorPage() {
  const { t } = useTranslation()
  const may = useMay('supervisor.view')
  if (!may) return <Empty title={t('errors.kind.forbidden')} />
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{t('supervisor.title')}</h1>
        <DataAge />
      </header>
      <Tiles />
      <QueueTable />
      <AgentTable />
    </div>
  )
}

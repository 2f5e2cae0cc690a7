import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import css from './list-skeleton.module.css'

const widths = ['62%', '48%', '70%', '55%', '64%', '42%', '58%']

/** The shape of a list while its first page is on the way. */
export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {widths.map((width) => (
        <div key={width} className={css.row} aria-hidden="true">
          <Skeleton circle height={34} width={34} />
          <div className={css.words}>
            <Skeleton height={10} width="38%" />
            <Skeleton height={10} width={width} />
          </div>
        </div>
      ))}
    </div>
  )
}

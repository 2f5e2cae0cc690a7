import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const shapes = [
  { width: '46%', side: 'flex-start' },
  { width: '30%', side: 'flex-start' },
  { width: '52%', side: 'flex-end' },
  { width: '38%', side: 'flex-start' },
] as const

/** The shape of a thread while its newest page is on the way. */
export function ThreadSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status" style={{ display: 'flex', flexDirection: 'column', gap: 12, paddingBlock: 12 }}>
      <span className="visually-hidden">{t('common.loading')}</span>
      {shapes.map(({ width, side }) => (
        <Skeleton key={width} height={34} width={width} radius={12} style={{ alignSelf: side }} />
      ))}
    </div>
  )
}

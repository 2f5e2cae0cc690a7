import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/notice.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation()
  return (
    <Empty title={t('notFound.title')}>
      <Link to="/inbox/$view" params={{ view: 'mine' }}>
        {t('notFound.back')}
      </Link>
    </Empty>
  )
}

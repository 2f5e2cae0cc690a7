import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/notice.tsx'

/** A page that broke: the rest of the console goes on, and a reload usually mends it. */
export function PageFailure() {
  const { t } = useTranslation()
  return (
    <Empty
      title={t('errors.page')}
      action={
        <Button variant="default" onClick={() => window.location.reload()}>
          {t('common.reload')}
        </Button>
      }
    >
      {t('errors.pageHint')}
    </Empty>
  )
}

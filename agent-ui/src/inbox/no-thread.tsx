import { MessagesSquare } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/notice.tsx'
import { loadThreadRoute } from './load-thread-route.ts'

/** What stands beside the list while no conversation is open. */
export function NoThread() {
  const { t } = useTranslation()
  // The list is on the screen; what opens with the first click is fetched meanwhile.
  useEffect(() => void loadThreadRoute().catch(() => undefined), [])
  return (
    <Empty icon={<MessagesSquare size={32} strokeWidth={1.25} />} title={t('thread.none')}>
      {t('thread.noneHint')}
    </Empty>
  )
}

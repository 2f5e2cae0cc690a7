import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { loadConversation } from '../live/load.ts'
import { useLive } from '../live/store.ts'
import { useConversation } from '../live/use-things.ts'
import { Empty, Failure } from '../parts/notice.tsx'
import { ThreadPage } from '../thread/thread-page.tsx'

/** The conversation the address names, fetched where no list has brought it yet. */
export function ThreadRoute() {
  const { t } = useTranslation()
  const { conversationId = '' } = useParams({ strict: false })
  const generation = useLive((l) => l.generation)
  const known = useConversation(conversationId)
  const fetched = useQuery({
    queryKey: ['conversation', conversationId, generation],
    queryFn: ({ signal }) => loadConversation(conversationId, signal),
    enabled: known === undefined,
    retry: false,
  })
  if (known) return <ThreadPage key={known.id} conversation={known} />
  if (fetched.isError) return <Failure error={fetched.error} onRetry={() => void fetched.refetch()} />
  if (fetched.isSuccess) return <Empty title={t('thread.gone')}>{t('thread.goneHint')}</Empty>
  return null
}

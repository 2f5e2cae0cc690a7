import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/api-error.ts'
import { apiUrl } from '../../api/http.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import { reachable } from '../../parts/reachable.ts'
import css from './mail.module.css'

/** More than that is for a file, not for eyes; characters. */
const maxShownChars = 300_000

async function load(messageId: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(apiUrl(`/messages/${messageId}/source`), { credentials: 'same-origin', signal })
  if (answer.ok) return answer.text()
  const problem = (await answer.json().catch(() => ({}))) as Record<string, never>
  throw ApiError.fromProblem(problem, answer.status)
}

/** A mail as it came, byte for byte. */
export function SourceDialog({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const source = useQuery({ queryKey: ['mail-source', messageId], queryFn: ({ signal }) => load(messageId, signal), gcTime: 0 })
  const text = source.data ?? ''
  return (
    <Modal opened onClose={onClose} title={t('mail.source')} size="xl">
      {source.isError && <p role="alert">{sentence(source.error)}</p>}
      <pre className={css.raw} {...reachable}>
        {text.slice(0, maxShownChars)}
      </pre>
      <a href={apiUrl(`/messages/${messageId}/source`)} download>
        {t('mail.download')}
      </a>
    </Modal>
  )
}

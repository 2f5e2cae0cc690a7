import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SessionInfo } from '../../../src/wire/access.ts'
import { http } from '../api/http.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useNow } from '../live/use-now.ts'
import { Chip } from '../parts/chip.tsx'
import { Failure } from '../parts/notice.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './profile.module.css'

/** Where one is logged in; each of them can be ended. */
export function SessionList() {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow(60_000)
  const sessions = useQuery({ queryKey: ['my-sessions'], queryFn: () => http.get<{ items: SessionInfo[] }>('/me/sessions') })
  const end = useMutation({
    mutationFn: (id: string) => http.delete<void>(`/me/sessions/${id}`),
    onSuccess: () => void sessions.refetch(),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <section className={css.block}>
      <h2>{t('profile.sessions')}</h2>
      {sessions.isError && <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <ul className={css.sessions}>
        {sessions.data?.items.map((session) => (
          <li key={session.id}>
            <span className={css.device}>
              <bdi className="cut">{session.userAgent ?? t('profile.unknownDevice')}</bdi>
              <span className={css.hint}>
                {t('profile.sessionSeen', { ip: session.ip ?? '–', at: format.dateTime(session.lastSeenAt, now) })}
              </span>
            </span>
            {session.current ? (
              <Chip tone="good">{t('profile.thisSession')}</Chip>
            ) : (
              <Button variant="default" disabled={end.isPending} onClick={() => end.mutate(session.id)}>
                {t('profile.endSession')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

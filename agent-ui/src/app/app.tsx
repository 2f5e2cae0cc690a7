import { useQuery, useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/wire/agents.ts'
import { ApiError } from '../api/api-error.ts'
import { setCsrfToken, whenUnauthenticated } from '../api/http.ts'
import { loadSnapshot } from '../live/load.ts'
import { keepSending } from '../live/sends.ts'
import { closeLink, openLink } from '../live/socket.ts'
import { useLive } from '../live/store.ts'
import { Mark } from '../parts/mark.tsx'
import { Failure } from '../parts/notice.tsx'
import { LoginPage } from '../session/login-page.tsx'
import { claimDrafts } from '../session/own-drafts.ts'
import { sessionApi } from '../session/session-api.ts'
import css from './app.module.css'
import { router } from './router.tsx'

const SetupPage = lazy(async () => ({ default: (await import('../session/setup-page.tsx')).SetupPage }))

/** The token of a link that works once: behind `#`, so that it reaches no server log, or as a path. */
function linkToken({ pathname, hash }: Location): string | null {
  const token = pathname === '/welcome' ? hash.slice(1) : (/^\/setup\/([^/]+)$/.exec(pathname)?.[1] ?? '')
  return token === '' ? null : decodeURIComponent(token)
}

/** The whole console: the one-time link's page, the log-in, or the working place. */
export function App() {
  const [token] = useState(() => linkToken(window.location))
  if (token === null) return <Gate />
  return (
    <Suspense fallback={<Opening />}>
      <SetupPage token={token} />
    </Suspense>
  )
}

/** What is shown while nothing is known yet. */
function Opening() {
  const { t } = useTranslation()
  return (
    <div className={css.opening} role="status">
      <Mark size={40} />
      <span className="visually-hidden">{t('common.loading')}</span>
    </div>
  )
}

function useSession() {
  const queries = useQueryClient()
  const [ended, setEnded] = useState(false)
  const session = useQuery({
    queryKey: ['session'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await sessionApi.me()
      } catch (error) {
        if (error instanceof ApiError && error.kind === 'unauthenticated') return null
        throw error
      }
    },
  })
  const leave = useCallback(() => {
    closeLink()
    useLive.getState().end()
    setCsrfToken(null)
    setEnded(true)
    queries.clear()
    queries.setQueryData(['session'], null)
  }, [queries])
  useEffect(() => whenUnauthenticated(leave), [leave])
  const enter = useCallback((me: Me) => queries.setQueryData(['session'], me), [queries])
  return { session, ended, leave, enter }
}

function Gate() {
  const { session, ended, leave, enter } = useSession()
  if (session.isError) return <Failure error={session.error} onRetry={() => void session.refetch()} />
  if (session.data === undefined) return <Opening />
  if (session.data === null) return <LoginPage ended={ended} onLogIn={enter} />
  return <Desk me={session.data} onEnded={leave} />
}

function Desk({ me, onEnded }: { me: Me; onEnded: () => void }) {
  const ready = useLive((l) => l.generation > 0)
  const start = useQuery({
    queryKey: ['start', me.agent.id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      setCsrfToken(me.csrfToken)
      claimDrafts(me.agent.id)
      useLive.getState().begin(me)
      await loadSnapshot()
      return true
    },
  })
  useEffect(() => {
    if (!start.isSuccess) return
    openLink(onEnded)
    const stop = keepSending()
    return () => {
      stop()
      closeLink()
    }
  }, [start.isSuccess, onEnded])
  if (start.isError) return <Failure error={start.error} onRetry={() => void start.refetch()} />
  return ready ? <RouterProvider router={router} /> : <Opening />
}

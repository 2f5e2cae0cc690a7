import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import css from './notice.module.css'

/** A place with nothing in it: says why, and what to do next. */
export function Empty(props: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.notice}>
      {props.icon && <span className={css.icon}>{props.icon}</span>}
      <p className={css.title}>{props.title}</p>
      {props.children && <div className={css.words}>{props.children}</div>}
      {props.action}
    </div>
  )
}

/** A place that could not be filled: what happened, the number to quote, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const requestId = error instanceof ApiError ? error.requestId : null
  return (
    <div className={css.notice} role="alert">
      <p className={css.title}>{sentence(error)}</p>
      {requestId && <p className={css.words}>{t('errors.requestId', { requestId })}</p>}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </div>
  )
}

import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'

/**
 * What went wrong, in the reader's language: the exact case where we have words for it, else the kind.
 * The hub's own English sentence stands beside the kind only for readers of English.
 */
export function sentenceFor(t: TFunction, language: string, error: unknown): string {
  if (!(error instanceof ApiError)) return t('errors.kind.bug')
  const exact = `errors.${error.code}`
  const words = t(exact, { ...error.details, defaultValue: '' })
  if (words !== '' && words !== exact) return words
  if (language === 'en' && error.kind !== 'bug') return error.message
  return t(`errors.kind.${error.kind}`)
}

/** `sentenceFor` in the language shown now. */
export function useSentence(): (error: unknown) => string {
  const { t, i18n } = useTranslation()
  return useCallback((error: unknown) => sentenceFor(t, i18n.language, error), [t, i18n.language])
}

import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import type { Refusal } from './limits.ts'

/** Why something cannot be sent, in the reader's language, with the limit. */
export function useRefusalWords(): (refusal: Refusal) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return ({ code, values }) => {
    const size = typeof values['bytes'] === 'number' ? { size: format.bytes(values['bytes']) } : {}
    const max = typeof values['max'] === 'number' ? { max: format.number(values['max']) } : {}
    return t(`refusal.${code}`, { ...values, ...size, ...max })
  }
}

import { useTranslation } from 'react-i18next'
import { smsSegments } from '../../../src/wire/sms-segments.ts'
import { useFormat } from '../i18n/format.ts'
import css from './composer.module.css'
import type { ComposerModel } from './use-composer.ts'

/** What a reply costs where a text is paid for by its segments: how many, how much room is left, and why it is little. */
export function SegmentCount({ model }: { model: ComposerModel }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (model.mode !== 'reply' || model.capabilities?.segments !== true) return null
  const { count, left, encoding } = smsSegments(model.text.trim())
  if (count === 0) return null
  return (
    <span className={css.counter} title={encoding === 'ucs2' ? t('composer.segmentsUnicode') : undefined}>
      {t('composer.segments', { count, left: format.number(left) })}
    </span>
  )
}

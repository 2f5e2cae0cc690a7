import { useTranslation } from 'react-i18next'
import type { OfferWhy } from '../../../src/wire/offers.ts'
import { useFormat } from '../i18n/format.ts'

/** A routing decision in plain words: why this agent, and who was not considered for what reason. */
export interface WhyWords {
  readonly chosen: string
  readonly others: readonly string[]
}

/** Turns stored routing decisions into sentences of the reader's language. */
export function useWhyWords(): (why: OfferWhy, forMe: boolean) => WhyWords {
  const { t } = useTranslation()
  const format = useFormat()
  return (why, forMe) => {
    const who = forMe ? 'you' : 'agent'
    const personal = why.order.personal ? t(`why.personal_${who}`) : null
    const keys = why.candidates <= 1 ? `why.only_${who}` : [`why.${why.selection}_${who}`, `why.other_${who}`]
    const selection = t(keys, { n: format.number(why.candidates) })
    const excluded = why.excluded
      .filter((e) => e.count > 0)
      .map((e) => t(`why.excluded.${e.reason}`, { count: e.count, n: format.number(e.count) }))
    return { chosen: personal ?? selection, others: why.ring > 0 ? [t('why.relaxed', { step: why.ring }), ...excluded] : excluded }
  }
}

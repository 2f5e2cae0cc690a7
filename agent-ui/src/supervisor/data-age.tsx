import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { browserNow } from '../live/clock.ts'
import { useLink } from '../live/link.ts'
import { useNow } from '../live/use-now.ts'
import { Chip } from '../parts/chip.tsx'

const oldMs = 20_000

/** How old the figures are: time since the hub last said that nothing is missing. */
export function DataAge() {
  const { t } = useTranslation()
  const format = useFormat()
  const { heartbeatAt, since, status } = useLink()
  useNow(1_000)
  const ageMs = browserNow() - (heartbeatAt ?? since)
  const old = status !== 'in_sync' || ageMs > oldMs
  return (
    <span role="status">
      <Chip tone={old ? 'bad' : 'plain'}>{t('supervisor.age', { age: format.span(ageMs) })}</Chip>
    </span>
  )
}

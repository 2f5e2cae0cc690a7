import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { channelIdSchema } from '../../../src/wire/words.ts'
import { useAgents } from '../live/use-things.ts'
import css from './search.module.css'
import { type Search, searchSpans } from './search-api.ts'

/** Narrows a search down by channel, by who handles it, and by age. */
export function SearchFilters({ search, onChange }: { search: Search; onChange: (search: Search) => void }) {
  const { t } = useTranslation()
  const agents = useAgents()
  const channels = channelIdSchema.options.map((id) => ({ value: id, label: t(`channel.${id}`) }))
  const spans = searchSpans.map((days) => ({ value: days, label: t(`search.span.${days}`) }))
  const drop = (name: 'channel' | 'agent' | 'days'): Search => Object.fromEntries(Object.entries(search).filter(([key]) => key !== name))
  return (
    <fieldset className={css.filters}>
      <legend className="visually-hidden">{t('search.filters')}</legend>
      <Select
        aria-label={t('search.channel')}
        placeholder={t('search.anyChannel')}
        data={channels}
        value={search.channel ?? null}
        clearable
        onChange={(channel) => onChange(channel === null ? drop('channel') : { ...search, channel: channelIdSchema.parse(channel) })}
      />
      <Select
        aria-label={t('search.agent')}
        placeholder={t('search.anyAgent')}
        data={agents.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.agent ?? null}
        searchable
        clearable
        onChange={(agent) => onChange(agent === null ? drop('agent') : { ...search, agent })}
      />
      <Select
        aria-label={t('search.time')}
        placeholder={t('search.anyTime')}
        data={spans}
        value={search.days ?? null}
        clearable
        onChange={(days) => onChange(days === null ? drop('days') : { ...search, days })}
      />
    </fieldset>
  )
}

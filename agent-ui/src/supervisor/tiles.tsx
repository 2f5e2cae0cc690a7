import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { timer, useFormat } from '../i18n/format.ts'
import { useNow } from '../live/use-now.ts'
import { useAgents, useStats } from '../live/use-things.ts'
import { StateDot } from '../parts/state-dot.tsx'
import { floorOf, stateOrder } from './floor.ts'
import css from './supervisor.module.css'

function Tile(props: { label: string; value: ReactNode; alarm?: boolean; children?: ReactNode }) {
  return (
    <div className={css.tile} data-alarm={props.alarm || undefined}>
      <dt>{props.label}</dt>
      <dd className={css.figure}>{props.value}</dd>
      {props.children && <dd className={css.small}>{props.children}</dd>}
    </div>
  )
}

const longMs = 5 * 60_000

/** The figures one looks at first. */
export function Tiles() {
  const { t } = useTranslation()
  const format = useFormat()
  const stats = useStats()
  const agents = useAgents()
  const now = useNow(1_000)
  const floor = floorOf(Object.values(stats), agents)
  const longest = floor.oldestWaitingSince === null ? null : now - floor.oldestWaitingSince
  return (
    <dl className={css.tiles}>
      <Tile label={t('supervisor.waiting')} value={format.number(floor.waiting)} />
      <Tile label={t('supervisor.longest')} value={longest === null ? '–' : timer(longest)} alarm={longest !== null && longest > longMs} />
      <Tile label={t('supervisor.active')} value={format.number(floor.active)} />
      <Tile label={t('supervisor.load')} value={floor.capacity === 0 ? '–' : format.percent(floor.held / floor.capacity)}>
        {t('supervisor.loadOf', { held: format.number(floor.held), capacity: format.number(floor.capacity) })}
      </Tile>
      <div className={css.tile}>
        <dt>{t('supervisor.agents')}</dt>
        <dd>
          <ul className={css.states}>
            {stateOrder.map((state) => (
              <li key={state}>
                <StateDot state={state} />
                <span>{t(`state.${state}`)}</span>
                <strong className="figures">{format.number(floor.byState[state])}</strong>
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../src/wire/agents.ts'
import { useReasonWords } from '../app/state-choices.ts'
import { timer, useFormat } from '../i18n/format.ts'
import { useNow } from '../live/use-now.ts'
import { useAgents, useMay } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { Chip } from '../parts/chip.tsx'
import { StateDot } from '../parts/state-dot.tsx'
import { AgentActs } from './agent-acts.tsx'
import { byInterest, channels } from './floor.ts'
import { HeldDialog } from './held-dialog.tsx'
import css from './supervisor.module.css'

function LoadBar({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { weight, total } = agent.load
  const share = total === 0 ? 0 : Math.min(1, weight / total)
  return (
    <span className={css.load}>
      <meter
        className={css.meter}
        min={0}
        max={Math.max(1, total)}
        value={weight}
        aria-label={t('supervisor.loadLabel', { name: agent.name, held: weight, capacity: total })}
        data-full={share >= 1 || undefined}
      />
      <span className="figures">{t('supervisor.loadOf', { held: weight, capacity: total })}</span>
    </span>
  )
}

function Items({ agent, onOpen }: { agent: Agent; onOpen: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const held = channels.filter((c) => (agent.load.items[c] ?? 0) > 0)
  if (held.length === 0) return <span className={css.none}>–</span>
  return (
    <button type="button" className={css.items} onClick={onOpen}>
      <span className="visually-hidden">{t('supervisor.openHeld', { name: agent.name })}</span>
      {held.map((channel) => (
        <span key={channel}>
          <ChannelIcon channel={channel} size={13} />
          {format.number(agent.load.items[channel] ?? 0)}
        </span>
      ))}
    </button>
  )
}

function Row({ agent, now, maySet, onOpen }: { agent: Agent; now: number; maySet: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const reasonWords = useReasonWords()
  return (
    <tr>
      <th scope="row">
        <span className={css.agent}>
          <Avatar id={agent.id} name={agent.name} size={26} />
          <bdi className="cut">{agent.name}</bdi>
        </span>
      </th>
      <td>
        <span className={css.state}>
          <StateDot state={agent.state} />
          {t(`state.${agent.state}`)}
          {agent.stateReason && <Chip>{reasonWords(agent.stateReason)}</Chip>}
          {!agent.connected && agent.state !== 'offline' && <Chip tone="warn">{t('supervisor.notConnected')}</Chip>}
        </span>
      </td>
      <td className={css.right}>{timer(now - agent.stateSince)}</td>
      <td>
        <LoadBar agent={agent} />
      </td>
      <td>
        <Items agent={agent} onOpen={onOpen} />
      </td>
      <td className={css.right}>{maySet && <AgentActs agent={agent} onHeld={onOpen} />}</td>
    </tr>
  )
}

/** Every agent with state, time in it and load; state and work can be changed from here. */
export function AgentTable() {
  const { t } = useTranslation()
  const agents = byInterest(useAgents())
  const maySet = useMay('agent.set_state')
  const now = useNow(1_000)
  const [opened, setOpened] = useState<Agent | null>(null)
  return (
    <section className={css.block}>
      <h2>{t('supervisor.agents')}</h2>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('supervisor.agent')}</th>
              <th scope="col">{t('supervisor.state')}</th>
              <th scope="col" className={css.right}>
                {t('supervisor.since')}
              </th>
              <th scope="col">{t('supervisor.load')}</th>
              <th scope="col">{t('supervisor.holds')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <Row key={agent.id} agent={agent} now={now} maySet={maySet} onOpen={() => setOpened(agent)} />
            ))}
          </tbody>
        </table>
      </div>
      {opened && <HeldDialog agent={opened} onClose={() => setOpened(null)} />}
    </section>
  )
}

import { Menu, UnstyledButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ChevronsUpDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StateInput } from '../../../src/wire/agents.ts'
import { timer } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { setAgentState } from '../live/acts.ts'
import { useNow } from '../live/use-now.ts'
import { useMyAgent } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { StateDot } from '../parts/state-dot.tsx'
import { tellFailure } from '../parts/toast.tsx'
import { stateChoices, useReasonWords } from './state-choices.ts'
import css from './state-switch.module.css'

/** One's own state with the time in it; opens the choice of states and their reasons. */
export function StateSwitch() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const agent = useMyAgent()
  const reasonWords = useReasonWords()
  const now = useNow()
  const change = useMutation({
    mutationFn: (input: StateInput) => setAgentState(agent.id, input),
    onError: (error) => tellFailure(sentence(error)),
  })
  const label = agent.stateReason
    ? t('state.withReason', { state: t(`state.${agent.state}`), reason: reasonWords(agent.stateReason) })
    : t(`state.${agent.state}`)
  return (
    <Menu position="top-start" width={232} withinPortal>
      <Menu.Target>
        <UnstyledButton className={css.switch ?? ''}>
          <span className="visually-hidden">{t('state.switch')}</span>
          <span className={css.face}>
            <Avatar id={agent.id} name={agent.name} size={28} />
            <span className={css.dot}>
              <StateDot state={agent.state} />
            </span>
          </span>
          <span className={css.words}>
            <span className="cut">{agent.name}</span>
            <span className={css.state}>
              <span className="cut">{label}</span>
              <span className="figures">{timer(now - agent.stateSince)}</span>
            </span>
          </span>
          <ChevronsUpDown size={14} className={css.more ?? ''} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {stateChoices.map(({ state, reasons }) => (
          <div key={state} className={css.group}>
            <Menu.Item leftSection={<StateDot state={state} />} onClick={() => change.mutate({ state })}>
              {t(`state.${state}`)}
            </Menu.Item>
            {reasons.map((reason) => (
              <Menu.Item key={reason} pl={38} onClick={() => change.mutate({ state, reason })}>
                {reasonWords(reason)}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

import { ActionIcon, Menu } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Ellipsis, MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Agent, StateInput } from '../../../src/wire/agents.ts'
import { stateChoices } from '../app/state-choices.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { setAgentState } from '../live/acts.ts'
import { StateDot } from '../parts/state-dot.tsx'
import { tellDone, tellFailure } from '../parts/toast.tsx'

/** What a supervisor can do about an agent: change the state, look at what they hold. */
export function AgentActs({ agent, onHeld }: { agent: Agent; onHeld: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const change = useMutation({
    mutationFn: (input: StateInput) => setAgentState(agent.id, input),
    onSuccess: (changed) => tellDone(t('supervisor.stateSet', { name: changed.name, state: t(`state.${changed.state}`) })),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('supervisor.acts', { name: agent.name })} loading={change.isPending}>
          <Ellipsis size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('supervisor.setState')}</Menu.Label>
        {stateChoices.map(({ state }) => (
          <Menu.Item
            key={state}
            leftSection={<StateDot state={state} />}
            disabled={agent.state === state}
            onClick={() => change.mutate({ state })}
          >
            {t(`state.${state}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<MessagesSquare size={15} />} onClick={onHeld}>
          {t('supervisor.held')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

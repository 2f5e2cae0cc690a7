import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../i18n/use-sentence.ts'
import { setAgentState } from '../live/acts.ts'
import { useMyAgent } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import css from './shell.module.css'

/** Says that offers went unanswered and that no more will come until the agent is back. */
export function MissedBanner() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const agent = useMyAgent()
  const back = useMutation({
    mutationFn: () => setAgentState(agent.id, { state: 'available' }),
    onError: (error) => tellFailure(sentence(error)),
  })
  if (agent.state !== 'not_responding') return null
  return (
    <div className={css.banner} data-tone="bad" role="alert">
      <span>{t('state.missed')}</span>
      <button type="button" disabled={back.isPending} onClick={() => back.mutate()}>
        {t('state.imBack')}
      </button>
    </div>
  )
}

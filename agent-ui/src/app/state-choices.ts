import { useTranslation } from 'react-i18next'
import type { StateInput } from '../../../src/wire/agents.ts'

/** The states a person may choose, each with the reasons offered for it. Reasons are stored as these words. */
export const stateChoices: readonly { readonly state: StateInput['state']; readonly reasons: readonly string[] }[] = [
  { state: 'available', reasons: [] },
  { state: 'busy', reasons: ['meeting', 'training', 'back_office'] },
  { state: 'away', reasons: ['break', 'lunch'] },
  { state: 'offline', reasons: [] },
]

/** A reason in the reader's language; one that somebody wrote freely is shown as written. */
export function useReasonWords(): (reason: string) => string {
  const { t } = useTranslation()
  return (reason) => t(`reason.${reason}`, { defaultValue: reason })
}

import type { AgentState } from '../../../src/wire/words.ts'
import css from './state-dot.module.css'

/** An agent's state as a small sign: filled, barred, hollow or half, besides its colour. Its name stands beside it. */
export function StateDot({ state }: { state: AgentState }) {
  return <span className={css.dot} data-state={state} aria-hidden="true" />
}

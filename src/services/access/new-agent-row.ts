import type { AgentRow } from '../../../db/queries/accounts.ts'
import type { CapacityOverrides } from '../../wire/agents.ts'

/** Calm hues that stay apart from one another and from the colours of states. */
const avatarColors = ['#4c6ef5', '#7048e8', '#1098ad', '#2f9e44', '#c2255c', '#e8590c', '#5c7080', '#846358'] as const

/** What a new agent begins with. */
export interface NewAgent {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly roleId: string
  readonly locale: string
  readonly passwordHash: string | null
  readonly capacity?: CapacityOverrides | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/** The row of a new agent; the address is folded to lower case, for log-ins do not mind it. */
export function newAgentRow({ id, email, name, roleId, locale, passwordHash, capacity, now }: NewAgent): AgentRow {
  const sum = Buffer.from(name).reduce((total, byte) => total + byte, 0)
  return {
    id,
    email: email.toLowerCase(),
    name,
    roleId,
    passwordHash,
    totpSecret: null,
    totpEnabledAt: null,
    totpLastStep: null,
    locale,
    capacity: capacity ?? { max: {}, weights: {} },
    avatarColor: avatarColors[sum % avatarColors.length] ?? null,
    languages: [],
    autoAccept: [],
    signature: '',
    disabledAt: null,
    createdAt: now,
    updatedAt: now,
  }
}

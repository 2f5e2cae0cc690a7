import type { Channel } from './contract.ts'
import { email } from './email/index.ts'
import { line } from './line/index.ts'
import { sms } from './sms/index.ts'
import { webchat } from './webchat/index.ts'

/** The channels that the hub carries: one line each. */
export const channels = [line, sms, email, webchat] satisfies readonly Channel[]

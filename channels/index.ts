import type { Channel } from './contract.ts'
import { line } from './line/index.ts'
import { webchat } from './webchat/index.ts'

/** The channels that the hub carries: one line each. */
export const channels = [line, webchat] satisfies readonly Channel[]

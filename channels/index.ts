import type { Channel } from './contract.ts'
import { line } from './line/index.ts'

/** The channels that the hub carries: one line each. */
export const channels = [line] satisfies readonly Channel[]

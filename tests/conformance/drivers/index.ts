import type { ChannelDriver } from './driver.ts'
import { emailDriver } from './email.ts'
import { lineDriver } from './line.ts'
import { smsDriver } from './sms.ts'
import { webchatDriver } from './webchat.ts'

/** One driver for each registered channel, in the registry's order. */
export const drivers: readonly ChannelDriver[] = [lineDriver, smsDriver, emailDriver, webchatDriver]

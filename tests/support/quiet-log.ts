import type { ChannelKit } from '../../channels/contract.ts'

/** A log for tests that look at what happens, not at what is written about it. */
export const quietLog: ChannelKit['log'] = { info: () => undefined, warn: () => undefined, error: () => undefined }

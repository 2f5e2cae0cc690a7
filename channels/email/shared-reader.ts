import { createMailReader, type MailReader } from './parse-thread.ts'

let reader: MailReader | null = null
let users = 0

/** The reader of this process: one parsing thread for all mailboxes. Give it back with `release`, once. */
export function shareReader(): { readonly reader: MailReader; release(): Promise<void> } {
  reader ??= createMailReader()
  const shared = reader
  users += 1
  return {
    reader: shared,
    release: async () => {
      users -= 1
      if (users > 0) return
      reader = null
      await shared.close()
    },
  }
}

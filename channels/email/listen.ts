import type { InboxHealth } from '../../src/wire/inboxes.ts'
import type { ChannelKit, Ear } from '../contract.ts'
import type { EmailConfig } from './config.ts'
import { listenToFolder } from './imap-listen.ts'

type Report = { readonly state: InboxHealth['state']; readonly detail: string } | null

/** Reads the mailbox's folders, each over a connection of its own, until the ear's signal aborts. */
export async function listenToMailbox(
  config: EmailConfig,
  kit: ChannelKit,
  ear: Ear,
  accessToken: (signal: AbortSignal) => Promise<string>,
): Promise<void> {
  const folders = [
    { path: config.folder, spam: false },
    ...(config.spamFolder === undefined ? [] : [{ path: config.spamFolder, spam: true }]),
  ]
  const reports = new Map<string, Report>()
  // The inbox is as well as its worst folder; a log-in that fails says more than a folder that is gone.
  const tell = async () => {
    const bad = [...reports.values()].filter((report) => report !== null)
    const worst = bad.find(({ state }) => state === 'auth_failed') ?? bad[0]
    if (worst !== undefined) await ear.report(worst.state, worst.detail)
    else if (reports.size === folders.length) await ear.report('ok', null)
  }
  await Promise.all(
    folders.map(({ path, spam }) =>
      listenToFolder({
        config,
        kit,
        ear,
        path,
        spam,
        accessToken,
        report: async (report) => {
          reports.set(path, report)
          await tell()
        },
      }),
    ),
  )
}

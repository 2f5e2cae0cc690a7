import { asc } from 'drizzle-orm'
import type { RunCommand } from './command.ts'
import { withStore } from './with-store.ts'

/** One line per inbox: id, channel, name, health, webhook address. */
export const run: RunCommand = ({ env, print }) =>
  withStore(env, async (store, config) => {
    const { inboxes } = store.t
    const rows = await store.db.select().from(inboxes).orderBy(asc(inboxes.id))
    for (const { id, channel, name, health } of rows) {
      print(`${id}  ${channel.padEnd(8)}${name}  ${health.state}  ${config.publicUrl}/webhooks/${channel}/${id}`)
    }
    return 0
  })

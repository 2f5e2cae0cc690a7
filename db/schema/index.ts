import type { Kit } from '../kit.ts'
import { channelTables } from './channels.ts'
import { contactTables } from './contacts.ts'
import { conversationTables } from './conversations.ts'
import { logTables } from './log.ts'
import { mailTables } from './mail.ts'
import { peopleTables } from './people.ts'
import { routingTables } from './routing.ts'
import { searchTables } from './search.ts'
import { threadTables } from './threads.ts'
import { visitorTables } from './visitors.ts'

/** All tables, built with one dialect's kit. */
export const createTables = (k: Kit) => {
  const people = peopleTables(k)
  const contacts = contactTables(k)
  const channels = channelTables(k, people)
  const conversations = conversationTables(k, contacts, channels)
  const routing = routingTables(k, people, contacts, conversations)
  const threads = threadTables(k, contacts, channels, conversations)
  return {
    ...people,
    ...contacts,
    ...channels,
    ...conversations,
    ...threads,
    ...routing,
    ...logTables(k),
    ...mailTables(k, conversations),
    ...searchTables(k),
    ...visitorTables(k),
  }
}

/** The tables as every query sees them, whichever dialect is open. */
export type Tables = ReturnType<typeof createTables>

import type { Kit } from '../kit.ts'
import { channelTables } from './channels.ts'
import { contactTables } from './contacts.ts'
import { conversationTables } from './conversations.ts'
import { logTables } from './log.ts'
import { peopleTables } from './people.ts'

/** All tables, built with one dialect's kit. */
export const createTables = (k: Kit) => {
  const people = peopleTables(k)
  const contacts = contactTables(k)
  const channels = channelTables(k, people)
  const conversations = conversationTables(k, contacts, channels)
  return { ...people, ...contacts, ...channels, ...conversations, ...logTables(k) }
}

/** The tables as every query sees them, whichever dialect is open. */
export type Tables = ReturnType<typeof createTables>

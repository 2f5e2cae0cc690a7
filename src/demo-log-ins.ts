import { inArray } from 'drizzle-orm'
import { demoPassword, demoPeople } from '../db/seed/people.ts'
import type { ServiceContext } from './services/context.ts'

/** The demo's accounts as lines for the terminal; none when the database is not the demo's. */
export async function demoLogIns({ store }: ServiceContext): Promise<string[]> {
  const { agents } = store.t
  const emails = demoPeople.map((person) => person.email)
  const known = await store.db.select({ email: agents.email }).from(agents).where(inArray(agents.email, emails))
  if (known.length === 0) return []
  const present = new Set(known.map((row) => row.email))
  const lines = demoPeople
    .filter(({ email }) => present.has(email))
    .map(({ email, name, roleId }) => `  ${email.padEnd(26)} ${roleId.padEnd(11)} ${name}`)
  return [`Demo log-ins, all with the password ${demoPassword}:`, ...lines]
}

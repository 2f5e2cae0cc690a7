import type { LoadedContact } from '../../db/queries/load-contacts.ts'
import type { Contact } from '../wire/contacts.ts'

/** The customer record's head. */
export function presentContact(row: LoadedContact): Contact {
  return {
    id: row.id,
    name: row.name,
    company: row.companyId === null || row.companyName === null ? null : { id: row.companyId, name: row.companyName },
    locale: row.locale,
    fields: row.fields,
    avatarUrl: row.avatarUrl,
    points: row.points.map((point) => ({
      id: point.id,
      kind: point.kind,
      address: point.address,
      displayName: point.displayName,
      verified: point.verified,
      blocked: point.blockedAt !== null,
    })),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

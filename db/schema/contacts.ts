import type { ContactPointKind } from '../../src/wire/contacts.ts'
import type { Kit } from '../kit.ts'

/** The customer record: contacts, their points, companies and notes. */
export const contactTables = (k: Kit) => {
  const companies = k.table(
    'companies',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('companies_name_ix').on(t.name)],
  )

  const contacts = k.table(
    'contacts',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      companyId: k.text('company_id').references(() => companies.id),
      /** BCP 47, when known. */
      locale: k.text('locale'),
      /** Free fields an administrator defines: name → value. */
      fields: k.json<Record<string, string>>('fields').notNull(),
      avatarUrl: k.text('avatar_url'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.index('contacts_updated_ix').on(t.updatedAt, t.id), k.index('contacts_name_ix').on(k.folded(t.name), t.id)],
  )

  const contactPoints = k.table(
    'contact_points',
    {
      id: k.id(),
      contactId: k
        .text('contact_id')
        .notNull()
        .references(() => contacts.id),
      kind: k.text('kind').$type<ContactPointKind>().notNull(),
      /** Normalised: E.164, lower-cased mail, `provider:userId` for LINE, visitor id. */
      address: k.text('address').notNull(),
      displayName: k.text('display_name'),
      /** Proven to be the contact's, not merely claimed. */
      verified: k.bool('verified').notNull(),
      /** The provider told us that this address no longer accepts our messages. */
      blockedAt: k.instant('blocked_at'),
      /** The provider's time of the newest sign about that: news that is older changes nothing. */
      reachabilityAt: k.instant('reachability_at'),
      profileFetchedAt: k.instant('profile_fetched_at'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.unique('contact_points_address_uq').on(t.kind, t.address),
      k.index('contact_points_contact_ix').on(t.contactId),
      k.index('contact_points_search_ix').on(k.folded(t.address), t.id),
    ],
  )

  const contactNotes = k.table(
    'contact_notes',
    {
      id: k.id(),
      contactId: k
        .text('contact_id')
        .notNull()
        .references(() => contacts.id),
      authorId: k.text('author_id').notNull(),
      text: k.text('text').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('contact_notes_contact_ix').on(t.contactId, t.id)],
  )

  const consents = k.table(
    'consents',
    {
      id: k.id(),
      contactId: k
        .text('contact_id')
        .notNull()
        .references(() => contacts.id),
      kind: k.text('kind').notNull(),
      granted: k.bool('granted').notNull(),
      source: k.text('source').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('consents_contact_ix').on(t.contactId)],
  )

  return { companies, contacts, contactPoints, contactNotes, consents }
}

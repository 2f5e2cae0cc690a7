import type { VisitorProfile } from '../../src/wire/visitor-profile.ts'
import type { Kit } from '../kit.ts'

/** What is known of visitors of web chat beside what they wrote. */
export const visitorTables = (k: Kit) => {
  /** A browser that said who it is, logged out, or asked to be forgotten; one that only looked in has no row. */
  const visitors = k.table(
    'visitors',
    {
      /** The visitor id of its tokens; the address of the contact point. */
      id: k.id(),
      inboxId: k.text('inbox_id').notNull(),
      /** The id its site signed for it; null while it is anonymous. */
      externalId: k.text('external_id'),
      profile: k.json<VisitorProfile>('profile').notNull(),
      /** Tokens issued before this instant are worth nothing. */
      validFrom: k.instant('valid_from').notNull(),
      /** When its data was deleted at its own wish. */
      erasedAt: k.instant('erased_at'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.index('visitors_external_ix').on(t.inboxId, t.externalId)],
  )
  return { visitors }
}

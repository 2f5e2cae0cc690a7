import type { Kit } from '../kit.ts'

/**
 * What can be searched. The terms stand under the same number in `search_message_terms` and `search_contact_terms`, which are
 * full-text tables of each database's own kind and come from migrations written by hand; `db/queries/search-terms.ts` is their
 * only user.
 */
export const searchTables = (k: Kit) => {
  const searchDocuments = k.table(
    'search_documents',
    {
      /** Ascending with the time of what it stands for: results come by it, the highest first. */
      id: k.seq('id'),
      kind: k.text('kind').$type<'message' | 'conversation' | 'contact'>().notNull(),
      /** The message, conversation or contact. */
      subjectId: k.text('subject_id').notNull(),
      /** Whose readers may see it; null for contacts. */
      conversationId: k.text('conversation_id'),
      /** The agent who wrote it. */
      authorId: k.text('author_id'),
      /** Digest of the indexed text: an unchanged text is not indexed again. */
      print: k.text('print').notNull(),
      at: k.instant('at').notNull(),
    },
    (t) => [k.unique('search_documents_subject_uq').on(t.subjectId, t.kind), k.index('search_documents_at_ix').on(t.at, t.id)],
  )

  /** How far the index has been filled with what was there before it; one row. */
  const searchFill = k.table('search_fill', {
    id: k.id(),
    stage: k.text('stage').$type<'contacts' | 'messages' | 'done'>().notNull(),
    /** The last contact or message that was taken. */
    afterId: k.text('after_id').notNull(),
    /** The log's number from which on it is followed. */
    fromSeq: k.int('from_seq').notNull(),
  })

  return { searchDocuments, searchFill }
}

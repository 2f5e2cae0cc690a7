import { deleteDocument, documentsOf, insertDocument, type SearchDocument, setDocumentPrint } from '../../../db/queries/search-documents.ts'
import { dropTerms, putTerms, type Shelf } from '../../../db/queries/search-terms.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { SearchDraft, Subjects } from './search-drafts.ts'

/** A change of the index that a transaction makes. */
export type DocumentWrite = (tx: Tx) => Promise<void>

/** What has to be written so that the index says of the subjects what the drafts say; nothing where it does already. */
export async function planWrites(store: Store, subjects: Subjects, drafts: readonly SearchDraft[]): Promise<DocumentWrite[]> {
  const ids = [...subjects.messages, ...subjects.conversations, ...subjects.contacts]
  const known = new Map((await documentsOf(store, ids)).map((document) => [keyOf(document), document]))
  const writes: DocumentWrite[] = []
  for (const draft of drafts) {
    const document = known.get(keyOf(draft))
    known.delete(keyOf(draft))
    if (document === undefined) writes.push(addition(draft))
    else if (document.print !== draft.print) writes.push(change(document, draft))
  }
  for (const document of known.values()) writes.push((tx) => remove(tx, document))
  return writes
}

function keyOf({ kind, subjectId }: Pick<SearchDocument, 'kind' | 'subjectId'>): string {
  return `${kind} ${subjectId}`
}

function shelfOf({ kind }: Pick<SearchDocument, 'kind'>): Shelf {
  return kind === 'contact' ? 'contact' : 'message'
}

function addition(draft: SearchDraft): DocumentWrite {
  // Reading a text takes longer than writing its terms, and holds no transaction up where it is done before.
  const terms = draft.terms()
  const { kind, subjectId, conversationId, authorId, print, at } = draft
  return async (tx) => {
    const [row] = await insertDocument(tx, { kind, subjectId, conversationId, authorId, print, at })
    if (row !== undefined) await putTerms(tx, draft.shelf, row.id, terms)
  }
}

/** A contact comes to the front with each change; what was said stays in its place. */
function change(document: SearchDocument, draft: SearchDraft): DocumentWrite {
  if (document.kind === 'contact') {
    const add = addition(draft)
    return async (tx) => {
      await remove(tx, document)
      await add(tx)
    }
  }
  const terms = draft.terms()
  return async (tx) => {
    await dropTerms(tx, draft.shelf, document.id)
    await putTerms(tx, draft.shelf, document.id, terms)
    await setDocumentPrint(tx, { id: document.id, print: draft.print })
  }
}

async function remove(tx: Tx, document: SearchDocument): Promise<void> {
  await dropTerms(tx, shelfOf(document), document.id)
  await deleteDocument(tx, { id: document.id })
}

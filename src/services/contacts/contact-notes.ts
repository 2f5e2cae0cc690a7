import { z } from 'zod'
import { contactExists, insertNote, type LoadedNote, notesOfContact } from '../../../db/queries/contact-records.ts'
import { agentName } from '../../../db/queries/names.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { readCursor, writeCursor } from '../../lib/cursor.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { ContactNote } from '../../wire/contacts.ts'
import type { Page, PageQuery } from '../../wire/http.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'

/** Notes about a customer, newest first. @throws AppError 'not_found'. */
export async function listContactNotes(
  ctx: ServiceContext,
  viewer: Viewer,
  contactId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<ContactNote>> {
  require(viewer, 'contact.read')
  await mustExist(ctx, contactId)
  const before = cursor === undefined ? null : readCursor(z.tuple([z.string()]), cursor)[0]
  const rows = await notesOfContact(ctx.store, contactId, before, limit + 1)
  const last = rows[limit - 1]
  return {
    items: rows.slice(0, limit).map(presentNote),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor([last.id]) : null,
  }
}

/** Writes a note about a customer. @throws AppError 'not_found'. */
export async function addContactNote(ctx: ServiceContext, viewer: Viewer, contactId: string, text: string): Promise<ContactNote> {
  require(viewer, 'contact.write')
  await mustExist(ctx, contactId)
  return ctx.store.tx(async (tx) => {
    const createdAt = ctx.clock.now()
    const row = { id: newId(), contactId, authorId: viewer.agentId, text, createdAt }
    await insertNote(tx, row)
    noteChange(tx, viewer, { type: 'contact.changed', at: createdAt, subjectId: contactId, data: { what: ['notes'] } })
    const [author] = await agentName(tx, { id: viewer.agentId })
    return presentNote({ ...row, authorName: author?.name ?? null })
  })
}

async function mustExist(ctx: ServiceContext, contactId: string): Promise<void> {
  if (!(await contactExists(ctx.store, contactId))) throw new AppError('not_found', 'There is no such contact.')
}

function presentNote({ id, contactId, authorId, authorName, text, createdAt }: LoadedNote): ContactNote {
  return { id, contactId, author: { id: authorId, name: authorName ?? '' }, text, createdAt }
}

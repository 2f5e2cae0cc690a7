import { loadContacts } from '../../../db/queries/load-contacts.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentContact } from '../../present/contact.ts'
import type { Contact } from '../../wire/contacts.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** A customer's record. @throws AppError 'not_found'. */
export async function getContact(ctx: ServiceContext, viewer: Viewer, id: string): Promise<Contact> {
  require(viewer, 'contact.read')
  return contactOf(ctx.store, id)
}

/** The same for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function contactOf(on: Store | Tx, id: string): Promise<Contact> {
  const [row] = await loadContacts(on, [id])
  if (row === undefined) throw new AppError('not_found', 'There is no such contact.')
  return presentContact(row)
}

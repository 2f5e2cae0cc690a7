import { companyIdByName, insertCompany, updateContactRow } from '../../../db/queries/contact-records.ts'
import { lockName } from '../../../db/queries/row-locks.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Contact, ContactChanges } from '../../wire/contacts.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { contactOf } from './get-contact.ts'

/** Free fields of one contact at most. */
const maxFields = 100

/**
 * Changes a customer's record; what `changes` leaves out stays, `fields` are replaced as a whole. A company is named; one
 * that is new is made.
 * @throws AppError 'not_found', 'invalid_input' for too many fields.
 */
export async function updateContact(ctx: ServiceContext, viewer: Viewer, id: string, changes: ContactChanges): Promise<Contact> {
  require(viewer, 'contact.write')
  if (Object.keys(changes.fields ?? {}).length > maxFields) {
    const message = `A contact has at most ${maxFields} fields.`
    throw new AppError('invalid_input', message, { fields: [{ path: 'fields', message }] })
  }
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const { company, name, locale, fields } = changes
    const found = await updateContactRow(tx, id, {
      updatedAt: at,
      ...(name === undefined ? {} : { name }),
      ...(locale === undefined ? {} : { locale }),
      ...(fields === undefined ? {} : { fields }),
      ...(company === undefined ? {} : { companyId: await companyId(tx, company, at) }),
    })
    if (!found) throw new AppError('not_found', 'There is no such contact.')
    noteChange(tx, viewer, { type: 'contact.changed', at, subjectId: id, data: { what: Object.keys(changes) } })
    return contactOf(tx, id)
  })
}

async function companyId(tx: Tx, name: string | null, createdAt: number): Promise<string | null> {
  if (name === null || name === '') return null
  const known = await companyIdByName(tx, name)
  if (known !== null) return known
  // Two who name the same new company make it once.
  await lockName(tx, 'companies')
  const meanwhile = await companyIdByName(tx, name)
  if (meanwhile !== null) return meanwhile
  const id = newId()
  await insertCompany(tx, { id, name, createdAt })
  return id
}

import { z } from 'zod'
import { type ContactKey, contactsByAddress, contactsByChange, contactsByName } from '../../../db/queries/contact-records.ts'
import { loadContacts } from '../../../db/queries/load-contacts.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { readCursor, writeCursor } from '../../lib/cursor.ts'
import { presentContact } from '../../present/contact.ts'
import type { Contact } from '../../wire/contacts.ts'
import type { Page, PageQuery } from '../../wire/http.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

const changedCursor = z.tuple([z.literal('c'), z.number().int(), z.string()])
const foundCursor = z.tuple([z.enum(['n', 'a']), z.string(), z.string()])
type Found = z.output<typeof foundCursor>

/**
 * Contacts whose name or address begins with `q`: first by name, then those found by address alone. Without `q`
 * the most recently changed. A contact with several fitting addresses may come again on a later page.
 */
export async function searchContacts(
  ctx: ServiceContext,
  viewer: Viewer,
  query: PageQuery & { q?: string | undefined },
): Promise<Page<Contact>> {
  require(viewer, 'contact.read')
  const q = query.q?.trim() ?? ''
  const { ids, nextCursor } = q === '' ? await recent(ctx, query) : await found(ctx, q, query)
  const rows = new Map((await loadContacts(ctx.store, ids)).map((row) => [row.id, row]))
  const items = ids.flatMap((id) => {
    const row = rows.get(id)
    return row === undefined ? [] : [presentContact(row)]
  })
  return { items, nextCursor }
}

interface Keys {
  readonly ids: string[]
  readonly nextCursor: string | null
}

async function recent(ctx: ServiceContext, { cursor, limit }: PageQuery): Promise<Keys> {
  const place = cursor === undefined ? null : readCursor(changedCursor, cursor)
  const before = place === null ? null : { at: place[1], id: place[2] }
  const keys = await contactsByChange(ctx.store, before, limit + 1)
  const last = keys[limit - 1]
  return {
    ids: keys.slice(0, limit).map(({ id }) => id),
    nextCursor: keys.length > limit && last !== undefined ? writeCursor(['c', last.at, last.id]) : null,
  }
}

async function found(ctx: ServiceContext, q: string, { cursor, limit }: PageQuery): Promise<Keys> {
  const place = cursor === undefined ? null : readCursor(foundCursor, cursor)
  const listed: (ContactKey & { list: Found[0] })[] = []
  if (place?.[0] !== 'a') {
    const names = await contactsByName(ctx.store, q, afterOf(place), limit + 1)
    listed.push(...names.map((key) => ({ ...key, list: 'n' as const })))
  }
  if (listed.length <= limit) {
    const addresses = await contactsByAddress(
      ctx.store,
      addressLike(q),
      place?.[0] === 'a' ? afterOf(place) : null,
      limit + 1 - listed.length,
    )
    listed.push(...addresses.map((key) => ({ ...key, list: 'a' as const })))
  }
  const page = listed.slice(0, limit)
  const last = page.at(-1)
  return {
    ids: [...new Set(page.map(({ id }) => id))],
    nextCursor: listed.length > limit && last !== undefined ? writeCursor([last.list, last.at, last.tie]) : null,
  }
}

function afterOf(place: Found | null): { at: string; tie: string } | null {
  return place === null ? null : { at: place[1], tie: place[2] }
}

/** A telephone number as it is stored: without the blanks, dashes and brackets people type. */
function addressLike(q: string): string {
  return /^\+?[\d\s().-]+$/.test(q) ? q.replaceAll(/[\s().-]/g, '') : q
}

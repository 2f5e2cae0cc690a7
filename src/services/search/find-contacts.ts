import { groupBy } from '../../../db/queries/by-ids.ts'
import { loadContacts } from '../../../db/queries/load-contacts.ts'
import { noteTexts } from '../../../db/queries/search-documents.ts'
import type { Store } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { type FoundText, findWishes } from '../../core/search/matches.ts'
import { type SearchQuery, termsOfDigits, termsOfWishes } from '../../core/search/query.ts'
import { snippetOf } from '../../core/search/snippet.ts'
import { digitsOf } from '../../core/search/terms.ts'
import { presentContactHit } from '../../present/search.ts'
import type { ContactHit } from '../../wire/search.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { type Scanned, scanHits } from './scan-hits.ts'
import { type ContactText, textsOfContact } from './searched-texts.ts'

/** Pieces shown of one contact. */
const maxPieces = 3

/**
 * Contacts that fulfil a query by name, address, company, fields and notes together, the most recently changed first. A
 * telephone number is also found by some of its digits.
 * @param before the place after which the page begins, from an earlier page; null for the first.
 * @throws AppError 'forbidden' without `contact.read`.
 */
export async function findContacts(
  ctx: ServiceContext,
  viewer: Viewer,
  query: SearchQuery,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<Scanned<ContactHit>> {
  require(viewer, 'contact.read')
  const match = [termsOfWishes(query.wishes), query.digits === null ? [] : termsOfDigits(query.digits)].filter((terms) => terms.length > 0)
  if (match.length === 0) return { items: [], next: null }
  return scanHits(ctx, {
    shelf: 'contact',
    match,
    before,
    floor: 1,
    limit,
    wanted: () => true,
    load: (hits) =>
      loadHits(
        ctx.store,
        query,
        hits.map(({ subjectId }) => subjectId),
      ),
  })
}

async function loadHits(store: Store, query: SearchQuery, ids: readonly string[]): Promise<(ContactHit | null)[]> {
  const contacts = new Map((await loadContacts(store, ids)).map((row) => [row.id, row]))
  const notes = groupBy(await noteTexts(store, ids), ({ contactId }) => contactId)
  return ids.map((id) => {
    const contact = contacts.get(id)
    if (contact === undefined) return null
    const texts = textsOfContact(
      contact,
      (notes.get(id) ?? []).map(({ text }) => text),
    )
    const found = foundIn(texts, query)
    return found === null ? null : presentContactHit(contact, piecesOf(texts, found))
  })
}

function foundIn(texts: readonly ContactText[], { wishes, digits }: SearchQuery): FoundText[] | null {
  const words = findWishes(
    texts.map(({ text }) => text),
    wishes,
  )
  if (words !== null || digits === null) return words
  const numbers = texts.map(({ text, phone }) => ({ text, marks: phone ? digitMarks(text, digits) : [] }))
  return numbers.some(({ marks }) => marks.length > 0) ? numbers : null
}

/** Where digits stand in a number as it is kept: a plus sign and digits. */
function digitMarks(address: string, digits: string): { from: number; to: number }[] {
  const at = digitsOf(address).indexOf(digits)
  return at === -1 ? [] : [{ from: at + 1, to: at + 1 + digits.length }]
}

function piecesOf(texts: readonly ContactText[], found: readonly FoundText[]): ContactHit['found'] {
  return texts
    .flatMap(({ field, label }, i) => {
      const place = found[i]
      return place === undefined || place.marks.length === 0 ? [] : [{ field, label, snippet: snippetOf(place) }]
    })
    .slice(0, maxPieces)
}

import { inArray } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { byIds } from './by-ids.ts'

export type LoadedOffer = Tables['offers']['$inferSelect']

/** Offers by id. */
export const loadOffers = byIds<LoadedOffer>('load_offers', ({ db, t }, ids) => db.select().from(t.offers).where(inArray(t.offers.id, ids)))

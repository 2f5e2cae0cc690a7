import { aboveAllDocuments } from '../../../db/queries/search-documents.ts'
import { findTerms, type Hit, type Match, type Shelf } from '../../../db/queries/search-terms.ts'
import type { ServiceContext } from '../context.ts'

/** Where a page begins and what is looked at for it. */
export interface Scan<T> {
  readonly shelf: Shelf
  readonly match: Match
  /** Only documents below; all when null. */
  readonly before: number | null
  readonly floor: number
  readonly limit: number
  /** Told by the index alone, before anything is loaded. */
  readonly wanted: (hit: Hit) => boolean
  /** What is shown of hits, in their order; null for those that turn out to be none. */
  readonly load: (hits: readonly Hit[]) => Promise<(T | null)[]>
}

/** A page of what was found, and where the next one begins; null when nothing is left. */
export interface Scanned<T> {
  readonly items: T[]
  readonly next: number | null
}

/** Time after which a page is answered as far as it is filled. */
const budgetMs = 9
/** Documents asked for at once: few at first, more where most of them turn out not to be wanted. */
const firstBatch = 48
const maxBatch = 512

/** Walks through what matches, the newest first, until a page is full or has taken its time. */
export async function scanHits<T>({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>, scan: Scan<T>): Promise<Scanned<T>> {
  const { shelf, match, floor, limit, wanted, load } = scan
  const untilMs = clock.monotonicMs() + budgetMs
  const items: T[] = []
  let before = scan.before ?? (await aboveAllDocuments(store))
  for (let batch = firstBatch; before > floor; batch = Math.min(batch * 2, maxBatch)) {
    const { hits, lookedTo } = await findTerms(store, shelf, match, { before, floor, limit: batch })
    const fitting = hits.filter(wanted)
    for (let from = 0; from < fitting.length; from += limit) {
      const some = fitting.slice(from, from + limit)
      for (const [i, item] of (await load(some)).entries()) {
        if (item === null) continue
        items.push(item)
        if (items.length === limit) return { items, next: some[i]?.id ?? lookedTo }
      }
    }
    before = lookedTo
    if (clock.monotonicMs() >= untilMs) break
  }
  return { items, next: before > floor ? before : null }
}

import type { VisitorPlace } from '../../../../../../src/wire/visitor.ts'

/** Tells the server how far the browser, and its person, have come. */
export interface Receipts {
  /** Notes a place; the server hears of it a moment later, once for a burst. */
  note(place: VisitorPlace, read: boolean): void
  /** Up to where the person has read, by what is known here. */
  readonly seen: VisitorPlace | null
}

const gatherMs = 250

/** Makes the teller. `tell` may fail: what is not told now is told with the next place, or after the next connect. */
export function createReceipts(tell: (place: VisitorPlace & { read: boolean }) => Promise<unknown>): Receipts {
  let told: (VisitorPlace & { read: boolean }) | null = null
  let wanted: (VisitorPlace & { read: boolean }) | null = null
  let seen: VisitorPlace | null = null
  let gathering = false

  const send = () => {
    gathering = false
    const going = wanted
    if (going === null || !isBeyond(going, told)) return
    told = going
    tell(going).catch(() => {
      if (told === going) told = null
    })
  }
  return {
    note: (place, read) => {
      if (read && isAfter(place, seen)) seen = { conversationId: place.conversationId, ordinal: place.ordinal }
      const next = { ...place, read }
      if (!isBeyond(next, told)) return
      wanted = next
      if (gathering) return
      gathering = true
      setTimeout(send, gatherMs)
    },
    get seen() {
      return seen
    },
  }
}

function isAfter(place: VisitorPlace, than: VisitorPlace | null): boolean {
  if (than === null || place.conversationId !== than.conversationId) return than === null || place.conversationId > than.conversationId
  return place.ordinal > than.ordinal
}

/** Further on, or as far but now also read. */
function isBeyond(next: VisitorPlace & { read: boolean }, told: (VisitorPlace & { read: boolean }) | null): boolean {
  if (told === null || isAfter(next, told)) return true
  return !isAfter(told, next) && next.read && !told.read
}

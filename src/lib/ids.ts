import { v7 } from 'uuid'

/** A new UUIDv7 as lower-case text: sorts by the time of its making, to the millisecond. */
export function newId(): string {
  return v7()
}

import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** Bytes of randomness an id takes. */
const idBytes = 16
// Filled for many ids at once: to ask the system for sixteen bytes each time costs more than an id's other work twenty times.
const pool = Buffer.alloc(256 * idBytes)
let used = pool.length
let newestMs = 0
let sequence = 0

/**
 * A new UUIDv7 as lower-case text: sorts by the time of its making, and within this process by the order of making
 * (RFC 9562 §6.2, a counter with a random start in each millisecond).
 */
export function newId(): string {
  const random = takeRandom()
  // An id tells when it was made; no test compares it with a clock it has set.
  const now = Date.now()
  if (now > newestMs) {
    newestMs = now
    // The upper bit stays free, so that the counter cannot run over within a millisecond.
    sequence = ((random[6] ?? 0) & 0x7f) * 0x1000000 + (random[7] ?? 0) * 0x10000 + (random[8] ?? 0) * 0x100 + (random[9] ?? 0)
  } else {
    sequence += 1
  }
  return v7({ random, msecs: newestMs, seq: sequence })
}

function takeRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += idBytes
  return pool.subarray(used - idBytes, used)
}

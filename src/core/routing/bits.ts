/** A set of agents: bit `i` stands for the agent at place `i` of the index. */
export type Bits = Uint32Array

/** A set given word by word, so that combining sets makes no new ones. */
export type WordAt = (word: number) => number

/** An empty set for `size` members. */
export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5)
}

/** Puts a member in or takes it out. */
export function setBit(bits: Bits, place: number, present: boolean): void {
  const word = place >>> 5
  const mask = 1 << (place & 31)
  bits[word] = present ? (bits[word] ?? 0) | mask : (bits[word] ?? 0) & ~mask
}

/** Whether a member is in. */
export function hasBit(bits: Bits, place: number): boolean {
  return (((bits[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1
}

/** Keeps in `target` what `other` has too. */
export function keepBits(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word++) target[word] = (target[word] ?? 0) & (other[word] ?? 0)
}

/** Adds the members of `other` to `target`. */
export function addBits(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word++) target[word] = (target[word] ?? 0) | (other[word] ?? 0)
}

/** Whether two sets share a member. */
export function meets(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if (((a[word] ?? 0) & (b[word] ?? 0)) !== 0) return true
  return false
}

/** The number of members of one word. */
export function countWord(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The place of the lowest member of a word that is not 0. */
export function lowestPlace(word: number, bits: number): number {
  return (word << 5) + 31 - Math.clz32(bits & -bits)
}

/** The member that comes first by `compare`, the lower place among equals; undefined for none. */
export function firstMember(words: number, wordAt: WordAt, compare: (a: number, b: number) => number): number | undefined {
  let first: number | undefined
  for (let word = 0; word < words; word++) {
    for (let rest = wordAt(word); rest !== 0; rest &= rest - 1) {
      const place = lowestPlace(word, rest)
      if (first === undefined || compare(place, first) < 0) first = place
    }
  }
  return first
}

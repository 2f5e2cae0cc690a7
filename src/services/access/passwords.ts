import { randomBytes } from 'node:crypto'

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

// Loaded on first use: most starts of the hub verify no password for a while.
const argon2 = () => import('@node-rs/argon2')

/** The encoded argon2id hash of a password. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2()
  return hash(password, cost)
}

let decoy: Promise<string> | undefined

/**
 * Whether a password fits. Without a hash (nobody of that name, or no password set) it takes as long
 * and says no, so that time does not tell who exists.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const { verify } = await argon2()
  // Made at the first try of anybody, known or not, so that it shows nothing.
  decoy ??= hashPassword(randomBytes(32).toString('base64'))
  const other = await decoy
  const fits = await verify(passwordHash ?? other, password)
  return fits && passwordHash !== null
}

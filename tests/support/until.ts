/** How long `until` waits, milliseconds; far above what a loaded machine needs. */
const defaultLimitMs = 15_000

/**
 * Waits for something that other parts of the program bring about. Returns as soon as `holds` gives a value that is
 * neither false nor null nor undefined, and gives that value back.
 * @throws Error naming `what` when that does not happen in time.
 */
export async function until<T>(
  what: string,
  holds: () => T | Promise<T>,
  limitMs = defaultLimitMs,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + limitMs
  for (;;) {
    const value = await holds()
    if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

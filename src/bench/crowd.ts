import { listen } from './fleet.ts'

const openedAtOnce = 25

/** Connects agents who stay until this process ends. @returns how long it took, milliseconds. */
export async function gatherCrowd({ port, tokens }: { port: number; tokens: readonly string[] }): Promise<number> {
  const startedMs = performance.now()
  for (let from = 0; from < tokens.length; from += openedAtOnce) {
    await Promise.all(tokens.slice(from, from + openedAtOnce).map((token) => listen({ port, token, onConversation: () => undefined })))
  }
  return performance.now() - startedMs
}

import type { Message } from '../../../src/wire/messages.ts'

/** The album a message is a picture of, alone; null for any other message. */
function albumOf(message: Message): string | null {
  const [part, ...more] = message.parts
  if (message.unsentAt !== null || part?.type !== 'media' || more.length > 0) return null
  return part.album?.id ?? null
}

/** Where a picture stands in its album; those that do not say keep the order they came in. */
function placeOf({ parts: [part] }: Message): number {
  return part?.type === 'media' ? (part.album?.index ?? 0) : 0
}

/**
 * Pictures that were sent as one album stand in one bubble, in the album's order: under the first of them that came. What was
 * said between them ends the album's run.
 */
export function withAlbums(messages: readonly Message[]): Message[] {
  const shown: Message[] = []
  let run: Message[] = []
  const close = (): void => {
    const [first] = run
    if (first !== undefined)
      shown.push(run.length === 1 ? first : { ...first, parts: run.toSorted((a, b) => placeOf(a) - placeOf(b)).flatMap((m) => m.parts) })
    run = []
  }
  for (const message of messages) {
    const album = albumOf(message)
    const before = run[0]
    const goesOn = before !== undefined && album !== null && albumOf(before) === album && before.author.name === message.author.name
    if (!goesOn) close()
    if (album === null) shown.push(message)
    else run.push(message)
  }
  close()
  return shown
}

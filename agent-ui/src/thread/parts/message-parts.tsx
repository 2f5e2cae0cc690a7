import type { MessagePart as Part } from '../../../../src/wire/messages.ts'
import { MessagePart } from './message-part.tsx'

/** All parts of a message. They never move inside it, so their place is their identity. */
export function MessageParts({ id, parts }: { id: string; parts: readonly Part[] }) {
  const placed = parts.map((part, at) => ({ key: `${id}:${at}`, part }))
  return placed.map(({ key, part }) => <MessagePart key={key} part={part} />)
}

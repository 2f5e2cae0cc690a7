import type { VisitorMessage } from '../../../../../../src/wire/visitor.ts'
import { startOfDay } from '../i18n.ts'
import type { Pending } from './outbox.ts'

/** One line of the log. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'message'; readonly key: string; readonly message: VisitorMessage; readonly first: boolean; readonly last: boolean }
  | { readonly kind: 'pending'; readonly key: string; readonly pending: Pending; readonly first: boolean; readonly last: boolean }

interface Said {
  readonly row: Extract<Row, { kind: 'message' | 'pending' }>
  readonly side: string
  readonly at: number
}

/** Messages of one side within this time stand together. */
const groupMs = 5 * 60_000

/** What was said, then what waits to be sent, with a line where a day begins; neighbours of one author form a group. */
export function rowsOf(messages: readonly VisitorMessage[], pending: readonly Pending[]): readonly Row[] {
  const stored = new Set(messages.map((message) => message.clientId))
  const said = [
    ...messages.map(
      (message): Said => ({
        row: { kind: 'message', key: message.clientId ?? message.id, message, first: true, last: true },
        side: message.direction === 'in' ? 'own' : `${message.conversationId} ${message.authorName ?? ''}`,
        at: message.at,
      }),
    ),
    ...pending
      .filter((item) => !stored.has(item.clientId))
      .map(
        (item): Said => ({
          row: { kind: 'pending', key: item.clientId, pending: item, first: true, last: true },
          side: 'own',
          at: item.at,
        }),
      ),
  ]
  const rows: Row[] = []
  for (const [index, item] of said.entries()) {
    const before = said[index - 1]
    const after = said[index + 1]
    if (before === undefined || startOfDay(before.at) !== startOfDay(item.at))
      rows.push({ kind: 'day', key: `day ${startOfDay(item.at)} ${item.row.key}`, at: item.at })
    rows.push({ ...item.row, first: !together(before, item), last: !together(item, after) })
  }
  return rows
}

function together(a: Said | undefined, b: Said | undefined): boolean {
  return a !== undefined && b !== undefined && a.side === b.side && startOfDay(a.at) === startOfDay(b.at) && Math.abs(b.at - a.at) < groupMs
}

import type { Dialect } from './store.ts'

/** Quoted text and names, so that a `?` or `$1` inside them is not taken for a parameter; then the parameters themselves. */
const parts: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\?/g,
  postgres: /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+/g,
}

/**
 * Writes the constants among a query's parameters into its text. A partial index can only serve a query whose text shows that
 * its condition holds: PostgreSQL's generic plans do not look at bound values, and SQLite plans such a query anew at every
 * binding (sqlite3_prepare_v3, "recompiled … bound parameter").
 * @param constantAt the constant of the parameter at a place (from 0), or `undefined` where a value is bound at each run.
 * @returns the text, and the places of the parameters that stay, in their order. Constants that have no plain literal stay.
 */
export function inlineConstants(dialect: Dialect, sql: string, constantAt: (place: number) => unknown): { sql: string; bound: number[] } {
  const bound: number[] = []
  let next = 0
  const text = sql.replace(parts[dialect], (part) => {
    if (part !== '?' && !part.startsWith('$')) return part
    const place = part === '?' ? next++ : Number(part.slice(1)) - 1
    const literal = literalOf(dialect, constantAt(place))
    if (literal !== null) return literal
    bound.push(place)
    return part === '?' ? part : `$${bound.length}`
  })
  return { sql: text, bound }
}

function literalOf(dialect: Dialect, value: unknown): string | null {
  if (value === null) return 'null'
  if (typeof value === 'string') return value.includes('\0') ? null : `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'number') return Number.isSafeInteger(value) ? (value < 0 ? `(${value})` : String(value)) : null
  if (typeof value === 'boolean') return dialect === 'sqlite' ? String(Number(value)) : String(value)
  return null
}

import { parseArgs } from 'node:util'
import { AppError } from '../lib/errors.ts'

/**
 * Reads `--name value` and `--flag` from a command's words.
 * @throws AppError 'invalid_input' for an option the command does not have, or one that lacks its value.
 */
export function readOptions<N extends string, F extends string>(
  args: readonly string[],
  spec: { readonly values?: readonly N[]; readonly flags?: readonly F[] },
): { values: Partial<Record<N, string>>; flags: Partial<Record<F, boolean>>; rest: string[] } {
  const options = Object.fromEntries([
    ...(spec.values ?? []).map((name) => [name, { type: 'string' as const }]),
    ...(spec.flags ?? []).map((name) => [name, { type: 'boolean' as const }]),
  ])
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const texts = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'))
    const flags = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'boolean'))
    return { values: texts as Partial<Record<N, string>>, flags: flags as Partial<Record<F, boolean>>, rest: positionals }
  } catch (error) {
    throw new AppError('invalid_input', error instanceof Error ? error.message : String(error), {}, { cause: error })
  }
}

/** @throws AppError 'invalid_input' naming the option that is missing. */
export function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new AppError('invalid_input', `--${name} is missing.`)
  return value
}

import { AppError } from '../../lib/errors.ts'
import type { Auth } from './authenticate.ts'

/**
 * The session's id, for what a person must do themselves: a leaked API token must not change the
 * password it does not know, or make more tokens.
 * @throws AppError 'forbidden' with code `session_required` for API tokens.
 */
export function requireSession({ by }: Auth): string {
  if (by.type === 'session') return by.id
  throw new AppError('forbidden', 'This needs a log-in with a password; an API token cannot do it.', { code: 'session_required' })
}

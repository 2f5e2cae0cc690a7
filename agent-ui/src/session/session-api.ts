import type { Me } from '../../../src/wire/agents.ts'
import { http } from '../api/http.ts'

/** What the log-in form sends. */
export interface LogIn {
  readonly email: string
  readonly password: string
  readonly totp?: string
}

/** Log-in, log-out, and the one-time link that makes the first password. */
export const sessionApi = {
  /** @throws ApiError 'unauthenticated' when nobody is logged in */
  me: (): Promise<Me> => http.get<Me>('/session'),
  /** @throws ApiError code 'totp_required' when the account asks for a second step */
  logIn: (input: LogIn): Promise<Me> => http.post<Me>('/session', input),
  /** Mails a link for a new password, where there is such an account. */
  reset: (email: string): Promise<void> => http.post<void>('/session/reset', { email }),
  logOut: (): Promise<void> => http.delete<void>('/session'),
}

import { z } from 'zod'
import { AppError } from '../../lib/errors.ts'
import { authenticate, sessionCookie } from '../../services/access/authenticate.ts'
import { changePassword } from '../../services/access/change-password.ts'
import { getMe } from '../../services/access/get-me.ts'
import { endOwnSession, listSessions } from '../../services/access/list-sessions.ts'
import { logIn } from '../../services/access/log-in.ts'
import { logOut } from '../../services/access/log-out.ts'
import { mailResetLink, takeResetFromAddress } from '../../services/access/mail-link.ts'
import { confirmTotp, disableTotp, startTotp } from '../../services/access/set-up-totp.ts'
import { updateMe } from '../../services/agents/update-me.ts'
import {
  logInInputSchema,
  myChangesSchema,
  passwordChangeSchema,
  sessionSchema,
  totpConfirmSchema,
  totpDisableSchema,
  totpSetupSchema,
} from '../../wire/access.ts'
import { meSchema } from '../../wire/agents.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { type Route, route } from '../route.ts'
import { setSessionCookie } from '../session-cookie.ts'

/** Log-in and log-out, one's own account and its proofs. */
export const sessionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/session',
    permission: 'self',
    tags: ['Session'],
    summary: 'Who is logged in',
    output: meSchema,
    handler: ({ ctx, auth }) => getMe(ctx, auth),
  }),
  route({
    method: 'post',
    path: '/api/v1/session',
    permission: 'public',
    tags: ['Session'],
    summary: 'Log in',
    description: 'Answers with the session cookie. On 401 `code` tells why: `wrong_credentials`, `totp_required` or `wrong_code`.',
    body: logInInputSchema,
    example: { email: 'mei@example.com', password: 'correct horse battery staple' },
    output: meSchema,
    errors: ['unauthenticated', 'rate_limited'],
    handler: async ({ ctx, auth, body, ip, req, res }) => {
      const formerSessionId = auth?.by.type === 'session' ? auth.by.id : null
      const begun = await logIn(ctx, body, { ip, userAgent: req.get('user-agent') ?? null, formerSessionId })
      const now = await authenticate(ctx, { cookie: `${sessionCookie}=${begun.token}` })
      if (now === null) throw new AppError('unauthenticated', 'The account was disabled this moment.')
      setSessionCookie(ctx.config, res, begun.token)
      return getMe(ctx, now)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/session/reset',
    permission: 'public',
    tags: ['Session'],
    summary: 'Ask for a mail with a link for a new password',
    description: 'Answers the same whether there is such an account. The mail comes where the hub can send mail.',
    body: z.object({ email: z.string().trim().min(3).max(254) }),
    example: { email: 'mei@example.com' },
    errors: ['rate_limited'],
    output: null,
    status: 202,
    handler: async ({ ctx, body, ip }) => {
      await takeResetFromAddress(ctx, ip)
      mailResetLink(ctx, body.email)
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/session',
    permission: 'self',
    tags: ['Session'],
    summary: 'Log out',
    idempotent: false,
    output: null,
    handler: async ({ ctx, auth, res }) => {
      await logOut(ctx, auth)
      setSessionCookie(ctx.config, res, null)
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/me',
    permission: 'self',
    tags: ['Session'],
    summary: 'Who is logged in (the same as the session)',
    output: meSchema,
    handler: ({ ctx, auth }) => getMe(ctx, auth),
  }),
  route({
    method: 'patch',
    path: '/api/v1/me',
    permission: 'self',
    tags: ['Session'],
    summary: 'Change your own name or language',
    body: myChangesSchema,
    example: { name: 'Mei Lin', locale: 'zh-TW' },
    output: meSchema,
    handler: async ({ ctx, auth, body }) => {
      await updateMe(ctx, auth.viewer, body)
      return getMe(ctx, auth)
    },
  }),
  route({
    method: 'put',
    path: '/api/v1/me/password',
    permission: 'self',
    tags: ['Session'],
    summary: 'Change your password; your other log-ins end',
    body: passwordChangeSchema,
    example: { current: 'correct horse battery staple', next: 'a better one than before' },
    output: null,
    handler: ({ ctx, auth, body, ip }) => changePassword(ctx, auth, ip, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/me/totp',
    permission: 'self',
    tags: ['Session'],
    summary: 'Begin two-step log-in: a secret for your authenticator app',
    output: totpSetupSchema,
    handler: ({ ctx, auth }) => startTotp(ctx, auth),
  }),
  route({
    method: 'post',
    path: '/api/v1/me/totp/confirm',
    permission: 'self',
    tags: ['Session'],
    summary: 'Turn two-step log-in on with the first code',
    body: totpConfirmSchema,
    example: { code: '492039' },
    output: null,
    handler: ({ ctx, auth, body, ip }) => confirmTotp(ctx, auth, ip, body.code),
  }),
  route({
    method: 'delete',
    path: '/api/v1/me/totp',
    permission: 'self',
    tags: ['Session'],
    summary: 'Turn two-step log-in off',
    body: totpDisableSchema,
    example: { password: 'correct horse battery staple' },
    output: null,
    handler: ({ ctx, auth, body, ip }) => disableTotp(ctx, auth, ip, body.password),
  }),
  route({
    method: 'get',
    path: '/api/v1/me/sessions',
    permission: 'self',
    tags: ['Session'],
    summary: 'Your log-ins',
    output: listOf(sessionSchema),
    handler: async ({ ctx, auth }) => ({ items: await listSessions(ctx, auth) }),
  }),
  route({
    method: 'delete',
    path: '/api/v1/me/sessions/:id',
    permission: 'self',
    tags: ['Session'],
    summary: 'End one of your log-ins',
    params: idParam,
    output: null,
    handler: ({ ctx, auth, params }) => endOwnSession(ctx, auth, params.id),
  }),
]

import { z } from 'zod'
import { agentName } from '../../db/queries/names.ts'
import type { Config } from '../config.ts'
import { AppError } from '../lib/errors.ts'
import { authenticate, type Credentials } from '../services/access/authenticate.ts'
import type { ServiceContext } from '../services/context.ts'
import { idSchema } from '../wire/words.ts'
import type { AgentSocket, AgentSocketData } from './connection.ts'

/** What a console says when it connects; socket.io's `auth`. */
export const handshakeSchema = z.object({
  /** Newest log number the console has heard of; null or missing: it knows nothing and will load a snapshot. */
  since: z.number().int().min(0).nullish(),
  /** Conversations whose threads it has open, so that what was said in them meanwhile is told too. */
  threads: z.array(idSchema).max(20).nullish(),
})
export type Handshake = z.infer<typeof handshakeSchema>

/**
 * Whether a page of this origin is ours: the address the hub is known at, or the host the request itself went
 * to. Websockets are not held back by the same-origin rule, and a log-in's cookie travels with them.
 */
export function isOwnOrigin({ publicUrl }: Pick<Config, 'publicUrl'>, origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  return url.origin === new URL(publicUrl).origin || (host !== undefined && url.host === host.toLowerCase())
}

/**
 * Who opens a socket. A browser shows its session's cookie and an origin of ours; a program its API token, and no
 * origin or one of ours.
 * @throws AppError 'unauthenticated'; 'forbidden' with code `foreign_origin`; ZodError for an `auth` that does not fit.
 */
export async function admitAgent(ctx: ServiceContext, socket: AgentSocket): Promise<AgentSocketData> {
  const { cookie, authorization, origin, host } = socket.handshake.headers
  const credentials: Credentials = authorization === undefined ? { cookie } : { authorization }
  const sameSite = socket.handshake.headers['sec-fetch-site'] === 'same-origin'
  const own = origin === undefined ? authorization !== undefined || sameSite : isOwnOrigin(ctx.config, origin, host)
  if (!own) throw new AppError('forbidden', 'A page of another site may not open this connection.', { code: 'foreign_origin' })
  const handshake = handshakeSchema.parse(socket.handshake.auth)
  const auth = await authenticate(ctx, credentials)
  if (auth === null) throw new AppError('unauthenticated', 'Log in first.', { code: 'no_session' })
  const [agent] = await agentName(ctx.store, { id: auth.viewer.agentId })
  return { auth, credentials, handshake, name: agent?.name ?? '' }
}

import { fileTypeFromBuffer } from 'file-type'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import { equalInConstantTime } from '../../lib/secrets.ts'
import type { ServiceContext } from '../context.ts'
import { pictureProof, visibleMail } from './read-mail.ts'

/** Pictures that a browser only draws. */
const drawn: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

/**
 * Fetches a remote picture of a mail, so that its sender learns neither who reads it nor from where: no cookie, no
 * referrer, an address of ours, public addresses only. What the bytes are decides, not what the server calls them.
 * @throws AppError 'not_found' for an address that we did not give out; 'provider_unavailable' or 'invalid_input' when
 *   there is no picture to be had.
 */
export async function fetchPicture(
  ctx: ServiceContext,
  viewer: Viewer,
  messageId: string,
  asked: { readonly url: string; readonly proof: string },
): Promise<{ readonly bytes: Buffer; readonly mime: string }> {
  await visibleMail(ctx, viewer, messageId)
  if (!equalInConstantTime(asked.proof, pictureProof(ctx, messageId, asked.url)))
    throw new AppError('not_found', 'There is no such picture.')
  const bytes = await load(ctx, asked.url)
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? ''
  if (!drawn.has(mime)) throw new AppError('invalid_input', 'What is there is no picture that is shown.', { code: 'no_picture' })
  return { bytes, mime }
}

async function load(ctx: ServiceContext, url: string): Promise<Buffer> {
  try {
    const answer = await ctx.fetchPicture(url, { headers: { accept: 'image/*' } })
    if (!answer.ok) {
      await answer.body?.cancel()
      throw new AppError('provider_unavailable', 'The picture could not be fetched.', { status: answer.status })
    }
    return Buffer.from(await answer.arrayBuffer())
  } catch (error) {
    if (kindOf(error) !== 'bug') throw error
    throw new AppError('provider_unavailable', 'The picture could not be fetched.', {}, { cause: error })
  }
}

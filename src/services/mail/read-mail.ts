import { createHmac } from 'node:crypto'
import { type LoadedMessage, loadMessages } from '../../../db/queries/load-messages.ts'
import { mailOfMessage } from '../../../db/queries/outgoing-mails.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError, kindOf } from '../../lib/errors.ts'
import { derivedKey } from '../../lib/secrets.ts'
import type { SafeMail } from '../../wire/mail.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from '../conversations/get-conversation.ts'
import { type PictureSource, sanitizeMail } from './sanitize-mail.ts'

/** What stands on folded earlier mail; no language needs more. */
const foldLabel = '•••'

/**
 * A mail's HTML made safe, anew at each reading, so that rules made tomorrow hold for mail of today.
 * @param withPictures whether remote pictures are shown, through addresses of ours.
 * @throws AppError 'not_found', also for a message the viewer may not see or one that is no mail.
 */
export async function readMail(ctx: ServiceContext, viewer: Viewer, messageId: string, withPictures: boolean): Promise<SafeMail> {
  const message = await visibleMail(ctx, viewer, messageId)
  const [mail] = await mailOfMessage(ctx.store, { messageId })
  const html = message.unsentAt === null ? (mail?.html ?? null) : null
  const safe = html === null ? null : sanitizeMail(html, picturesOf(ctx, message, withPictures), foldLabel)
  if (safe === null) return { html: null, blockedImages: 0, trackers: 0, coloured: false }
  const { blockedImages, trackers, coloured } = safe
  return { html: safe.html, blockedImages, trackers, coloured }
}

/** A message that is a mail, for one who may see it. @throws AppError 'not_found' otherwise. */
export async function visibleMail(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<LoadedMessage> {
  const [message] = await loadMessages(ctx.store, [messageId])
  if (message === undefined || message.mail === null) throw noMail()
  await visibleConversation(ctx, viewer, message.conversationId).catch((error: unknown) => {
    throw kindOf(error) === 'not_found' ? noMail() : error
  })
  return message
}

/** Shows that an address of a remote picture was given out by us, for this mail. */
export function pictureProof(ctx: Pick<ServiceContext, 'config'>, messageId: string, url: string): string {
  const key = derivedKey(ctx.config.secretKey, 'mail pictures v1')
  return createHmac('sha256', key).update(`${messageId}\n${url}`).digest('base64url')
}

function picturesOf(ctx: ServiceContext, message: LoadedMessage, withPictures: boolean): PictureSource {
  return {
    inline: (contentId) => {
      for (const part of message.parts) {
        if (part.type !== 'media' || part.contentId !== contentId || part.fileId === undefined) continue
        return part.state === 'ready' ? `/api/v1/files/${part.fileId}/content` : null
      }
      return null
    },
    remote: (url) => {
      if (!withPictures) return null
      const query = new URLSearchParams({ url, proof: pictureProof(ctx, message.id, url) })
      return `/api/v1/messages/${message.id}/picture?${query.toString()}`
    },
  }
}

function noMail(): AppError {
  return new AppError('not_found', 'There is no such mail.')
}

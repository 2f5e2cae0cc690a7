import { inArray } from 'drizzle-orm'
import type { OutboundFile, OutboundMail, QuotedMail } from '../../../channels/contract.ts'
import { loadMessages } from '../../../db/queries/load-messages.ts'
import type { MessageRow } from '../../../db/queries/messages.ts'
import { mailOfMessage } from '../../../db/queries/outgoing-mails.ts'
import { AppError } from '../../lib/errors.ts'
import type { MailHead } from '../../wire/mail.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import { sanitizeWritten } from './mail-text.ts'

/** Quoted HTML beyond that is left to the text, UTF-16 code units. */
const maxQuotedHtmlChars = 100_000

/**
 * A stored mail as its channel sends it: what is quoted is put beside it, files are read when their turn comes.
 * @throws AppError 'not_found' when an attached file is gone.
 */
export async function outboundMail(ctx: ServiceContext, message: MessageRow, head: MailHead, locale: string): Promise<OutboundMail> {
  const [mail] = await mailOfMessage(ctx.store, { messageId: message.id })
  return {
    head,
    text: textOf(message.parts),
    html: mail?.html ?? null,
    quote: message.quotedMessageId === null ? null : await quoteOf(ctx, message.quotedMessageId),
    references: mail?.references ?? [],
    files: await filesOf(ctx, message.parts),
    locale,
    writtenAt: message.createdAt,
  }
}

function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}

async function quoteOf(ctx: ServiceContext, messageId: string): Promise<QuotedMail | null> {
  const [quoted] = await loadMessages(ctx.store, [messageId])
  if (quoted === undefined || quoted.unsentAt !== null) return null
  const [mail] = await mailOfMessage(ctx.store, { messageId })
  const from = quoted.mail?.from ?? null
  const html = mail?.html ?? null
  return {
    author: from?.name ?? from?.address ?? quoted.authorName ?? quoted.agentName ?? quoted.contactName ?? '',
    at: quoted.occurredAt,
    text: textOf(quoted.parts),
    // Pictures stay with the mail they came in.
    html: html === null || html.length > maxQuotedHtmlChars ? null : sanitizeWritten(html, new Set()),
  }
}

async function filesOf(ctx: ServiceContext, parts: readonly MessagePart[]): Promise<OutboundFile[]> {
  const media = parts.flatMap((part) => (part.type === 'media' && part.fileId !== undefined ? [{ ...part, fileId: part.fileId }] : []))
  if (media.length === 0) return []
  const { db, t } = ctx.store
  const rows = await db
    .select()
    .from(t.files)
    .where(
      inArray(
        t.files.id,
        media.map(({ fileId }) => fileId),
      ),
    )
  return media.map(({ fileId, contentId }) => {
    const file = rows.find(({ id }) => id === fileId)
    const blobKey = file?.blobKey ?? null
    if (file === undefined || file.state !== 'ready' || blobKey === null)
      throw new AppError('not_found', 'An attached file is not there any more.')
    return {
      name: file.name,
      mime: file.mime,
      bytes: file.bytes,
      contentId: contentId ?? null,
      open: async () => (await ctx.blobs.get(blobKey)).stream,
    }
  })
}

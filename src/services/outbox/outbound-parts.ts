import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { OutboundPart } from '../../../channels/contract.ts'
import { type FileRow, fileById } from '../../../db/queries/files.ts'
import type { MessageRow } from '../../../db/queries/messages.ts'
import { AppError } from '../../lib/errors.ts'
import { cardBodySchema, filesOfCard } from '../../wire/cards.ts'
import type { MediaPart, MessagePart } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'

/** The parts of a message as its channel sends them: files become long-lived, unguessable addresses of ours. */
export async function outboundParts(ctx: ServiceContext, message: Pick<MessageRow, 'parts'>): Promise<OutboundPart[]> {
  const parts: OutboundPart[] = []
  for (const part of message.parts) parts.push(await outboundPart(ctx, part))
  return parts
}

async function outboundPart(ctx: ServiceContext, part: MessagePart): Promise<OutboundPart> {
  switch (part.type) {
    case 'text':
      return part.entities === undefined ? { type: 'text', text: part.text } : { type: 'text', text: part.text, entities: part.entities }
    case 'sticker':
      return { type: 'sticker', packageId: part.packageId, stickerId: part.stickerId }
    case 'location':
      return part
    case 'media':
      return publicMedium(ctx, part)
    case 'quick_replies':
      return part
    case 'card':
      return outboundCard(ctx, part)
    case 'calendar':
    case 'choice':
    case 'system':
    case 'unsupported':
      throw new AppError('bug', `A message with a ${part.type} part cannot be sent.`)
  }
}

async function publicMedium(ctx: ServiceContext, part: MediaPart): Promise<OutboundPart> {
  const { name, mime, bytes, url } = await publicFile(ctx, part.fileId)
  const medium = { type: 'media', kind: part.kind, url, name, mime, bytes } as const
  return part.durationMs === undefined ? medium : { ...medium, durationMs: part.durationMs }
}

async function outboundCard(ctx: ServiceContext, part: Extract<MessagePart, { type: 'card' }>): Promise<OutboundPart> {
  const body = cardBodySchema.parse(part.body)
  const urls: Record<string, string> = {}
  for (const fileId of filesOfCard(body)) urls[fileId] = (await publicFile(ctx, fileId)).url
  return { type: 'card', altText: part.altText, body, urls }
}

/** @throws AppError 'not_found' when the file is not there any more. */
async function publicFile(ctx: ServiceContext, fileId: string | undefined): Promise<FileRow & { url: string }> {
  const [file] = fileId === undefined ? [] : await fileById(ctx.store, { id: fileId })
  if (file === undefined || file.state !== 'ready') throw new AppError('not_found', 'The attached file is not there any more.')
  const token = file.publicToken ?? (await publish(ctx, file.id))
  return { ...file, url: `${ctx.config.publicUrl}/media/${token}/${encodeURIComponent(shortName(file.name))}` }
}

/** Longest name in an address: providers take at most 2,000 characters, and a Han character is written in nine. */
const nameChars = 60

/** The end of a name, which says what kind of file it is; half a pair at the cut cannot be written in an address. */
function shortName(name: string): string {
  return name.slice(-nameChars).replace(/^[\uDC00-\uDFFF]/, '')
}

/** Gives a file its public address once; everybody who asks gets the same. */
async function publish(ctx: ServiceContext, fileId: string): Promise<string> {
  return ctx.store.tx(async (tx) => {
    const { files } = tx.t
    const [file] = await tx.db.select({ publicToken: files.publicToken }).from(files).where(eq(files.id, fileId))
    if (file?.publicToken != null) return file.publicToken
    const token = randomBytes(32).toString('base64url')
    await tx.db.update(files).set({ publicToken: token }).where(eq(files.id, fileId))
    return token
  })
}

import { randomBytes } from 'node:crypto'
import { eq, inArray } from 'drizzle-orm'
import type { OutboundPart } from '../../../channels/contract.ts'
import type { MessageRow } from '../../../db/queries/messages.ts'
import { AppError } from '../../lib/errors.ts'
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
      return { type: 'text', text: part.text }
    case 'sticker':
      return { type: 'sticker', packageId: part.packageId, stickerId: part.stickerId }
    case 'location':
      return part
    case 'media':
      return publicMedium(ctx, part)
    case 'choice':
    case 'card':
    case 'system':
    case 'unsupported':
      throw new AppError('bug', `A message with a ${part.type} part cannot be sent.`)
  }
}

async function publicMedium(ctx: ServiceContext, part: MediaPart): Promise<OutboundPart> {
  const { store } = ctx
  const [file] = await store.db
    .select()
    .from(store.t.files)
    .where(inArray(store.t.files.id, [part.fileId ?? '']))
  if (file === undefined || file.state !== 'ready') throw new AppError('not_found', 'The attached file is not there any more.')
  const token = file.publicToken ?? (await publish(ctx, file.id))
  const url = `${ctx.config.publicUrl}/media/${token}/${encodeURIComponent(file.name)}`
  const medium = { type: 'media', kind: part.kind, url, name: file.name, mime: file.mime, bytes: file.bytes } as const
  return part.durationMs === undefined ? medium : { ...medium, durationMs: part.durationMs }
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

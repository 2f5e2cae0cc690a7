import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { headerText, referenceChain } from '../../../src/lib/mail-header.ts'
import type { CustomerMail } from '../../../src/wire/mailbox.ts'

/** What a customer's mail is written from. */
export interface CustomerMailToCompose {
  readonly from: { readonly address: string; readonly name: string }
  readonly to: string
  readonly mail: CustomerMail
  readonly answered: { readonly messageId: string; readonly references: readonly string[] } | null
  /** Epoch ms. */
  readonly at: number
}

/** Writes a customer's mail as their mail program would. */
export function composeCustomerMail({ from, to, mail, answered, at }: CustomerMailToCompose): {
  readonly raw: Readable
  readonly messageId: string
  readonly references: readonly string[]
  readonly files: readonly { readonly name: string; readonly mime: string; readonly bytes: Buffer }[]
} {
  const messageId = `<${randomUUID()}@${from.address.split('@')[1] ?? 'customers.test'}>`
  const references = answered === null ? [] : referenceChain(answered.references, answered.messageId)
  const files = mail.files.map(({ name, mime, base64 }) => ({ name, mime, bytes: Buffer.from(base64, 'base64') }))
  const composer = new MailComposer({
    from,
    to,
    subject: headerText(mail.subject),
    messageId,
    date: new Date(at),
    ...(references.length === 0 ? {} : { inReplyTo: references.at(-1) ?? '', references: [...references] }),
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    attachments: files.map(({ name, mime, bytes }) => ({
      filename: headerText(name),
      contentType: mime === '' ? 'application/octet-stream' : mime,
      content: bytes,
    })),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { raw: composer.compile().createReadStream(), messageId, references, files }
}

import { type AddressObject, simpleParser } from 'mailparser'
import type { MailAddress } from '../../../src/wire/mail.ts'

/** A mail of the centre, as a customer's mail program shows it. */
export interface ReadMail {
  readonly from: MailAddress
  readonly to: MailAddress[]
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly files: readonly { readonly name: string; readonly mime: string; readonly bytes: Buffer }[]
  readonly messageId: string
  readonly references: readonly string[]
  readonly replyTo: string | null
}

/** Reads a mail that the centre sent; pictures in its HTML stand in it. */
export async function readCentreMail(raw: Buffer): Promise<ReadMail> {
  const mail = await simpleParser(raw)
  const references = typeof mail.references === 'string' ? [mail.references] : (mail.references ?? [])
  return {
    from: addressesOf(mail.from)[0] ?? { address: '', name: null },
    to: addressesOf(mail.to),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html === false ? null : mail.html,
    files: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, contentType, content }) => ({ name: filename ?? 'file', mime: contentType, bytes: content })),
    messageId: mail.messageId ?? '',
    references,
    replyTo: addressesOf(mail.replyTo)[0]?.address ?? null,
  }
}

function addressesOf(given: AddressObject | AddressObject[] | undefined): MailAddress[] {
  const all = given === undefined ? [] : Array.isArray(given) ? given : [given]
  return all.flatMap(({ value }) => value.map(({ address, name }) => ({ address: address ?? '', name: name === '' ? null : name })))
}

import { Readable } from 'node:stream'
import DKIM from 'nodemailer/lib/dkim'
import MailComposer from 'nodemailer/lib/mail-composer'
import { headerText, referenceChain, wireAddress } from '../../src/lib/mail-header.ts'
import type { MailAddress } from '../../src/wire/mail.ts'
import type { OutboundFile, OutboundMail } from '../contract.ts'
import type { EmailConfig } from './config.ts'
import { bodyOf } from './send-body.ts'
import type { SmtpEnvelope } from './send-smtp.ts'

/** Recipients of one message; RFC 5321 §4.5.3.1.8 promises a hundred. */
const maxRecipients = 100

/** A message ready to be written out, as often as it is asked for. */
export interface WrittenMail {
  readonly envelope: SmtpEnvelope
  /** The bytes for the server; hidden recipients are nowhere in them. */
  stream(): Readable
  /** The bytes for the folder of sent mail, hidden recipients included. */
  copy(): Promise<Buffer>
}

/**
 * Writes a mail by RFC 5322: addresses and names are taken apart and encoded, never pasted, so that nothing in them
 * adds a header or a recipient.
 * @param replyTo where answers go; null for the sender's own address.
 * @returns a sentence instead, when one of the recipients is no address.
 */
export function writeMail(config: EmailConfig, mail: OutboundMail, replyTo: string | null): WrittenMail | { readonly refusal: string } {
  const { to, cc, bcc } = mail.head
  const recipients: string[] = []
  for (const { address } of [...to, ...cc, ...bcc]) {
    const wire = wireAddress(address)
    if (wire === null) return { refusal: `${headerText(address).slice(0, 254)} is no address that mail can be sent to.` }
    if (!recipients.includes(wire)) recipients.push(wire)
  }
  if (recipients.length === 0) return { refusal: 'The message has no recipient.' }
  if (recipients.length > maxRecipients) return { refusal: `A message goes to at most ${maxRecipients} recipients.` }
  const automatic = mail.head.automatic !== null
  return {
    envelope: { from: automatic ? '' : config.address, to: recipients },
    stream: () => signed(config, nodeOf(config, mail, replyTo).createReadStream()),
    copy: async () => {
      const node = nodeOf(config, mail, replyTo)
      node.keepBcc = true
      return node.build()
    },
  }
}

function nodeOf(config: EmailConfig, mail: OutboundMail, replyTo: string | null): ReturnType<MailComposer['compile']> {
  const { head } = mail
  const ids = referenceChain(mail.references, null)
  const { text, html } = bodyOf(mail)
  const composer = new MailComposer({
    from: named({ address: config.address, name: head.from?.name ?? null }),
    to: head.to.map(named),
    cc: head.cc.map(named),
    bcc: head.bcc.map(named),
    ...(replyTo === null ? {} : { replyTo: named({ address: replyTo, name: head.from?.name ?? null }) }),
    subject: headerText(head.subject),
    ...(head.messageId === null ? {} : { messageId: head.messageId }),
    date: new Date(mail.writtenAt),
    ...(ids.length === 0 ? {} : { inReplyTo: ids.at(-1) ?? '', references: ids }),
    text,
    ...(html === null ? {} : { html }),
    attachments: mail.files.map(attachmentOf),
    headers:
      head.automatic === null ? {} : { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All', Precedence: 'auto_reply' },
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile()
}

function named({ address, name }: MailAddress): { name: string; address: string } {
  return { name: headerText(name ?? ''), address: wireAddress(address) ?? '' }
}

function attachmentOf(file: OutboundFile) {
  return {
    filename: headerText(file.name),
    content: Readable.from(bytesOf(file)),
    contentType: /^[\w.+-]+\/[\w.+-]+$/.test(file.mime) ? file.mime : 'application/octet-stream',
    contentTransferEncoding: 'base64',
    ...(file.contentId === null ? { contentDisposition: 'attachment' } : { cid: file.contentId, contentDisposition: 'inline' }),
  }
}

/** Opened when the message gets that far, so that many attachments hold one file open at a time. */
async function* bytesOf(file: OutboundFile): AsyncGenerator<Uint8Array> {
  yield* await file.open()
}

/** Signs by RFC 6376 where the inbox has a key. */
function signed({ dkimDomain, dkimSelector, dkimPrivateKey }: EmailConfig, message: Readable): Readable {
  if (dkimDomain === undefined || dkimSelector === undefined || dkimPrivateKey === undefined) return message
  return new DKIM({ domainName: dkimDomain, keySelector: dkimSelector, privateKey: dkimPrivateKey }).sign(message)
}

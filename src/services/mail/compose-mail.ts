import type { MailIdentity } from '../../../channels/contract.ts'
import { agentRowById } from '../../../db/queries/accounts.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { type AnswerableMail, insertOutgoingMail, newestMails } from '../../../db/queries/outgoing-mails.ts'
import type { Tx } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { headerText, referenceChain, wireAddress } from '../../lib/mail-header.ts'
import { sanitizeText } from '../../lib/sanitize-text.ts'
import type { MailAddress, MailHead, OutgoingMail } from '../../wire/mail.ts'
import { outgoingMailSchema } from '../../wire/mail.ts'
import type { MessagePart } from '../../wire/messages.ts'
import { answeredOf, isOwn, replyTarget, subjectOf } from './answered-mail.ts'
import { htmlOfText, sanitizeWritten, textOfHtml } from './mail-text.ts'

/** All recipients of one mail together. */
const maxRecipients = 100
/** Files of one mail together, bytes; a third is added on the way, and common servers take 35 MB. */
const maxFilesBytes = 25 * 1024 * 1024
/** Mails looked through for the one that is answered. */
const recentMails = 20

/** What a mail is written from. */
export interface MailToCompose {
  readonly conversation: ConversationRow
  readonly identity: MailIdentity
  /** Null for mail the hub writes by itself. */
  readonly agentId: string | null
  readonly parts: readonly MessagePart[]
  readonly mail: OutgoingMail | undefined
  readonly quotedMessageId: string | undefined
  readonly now: number
}

/** A message as it is stored and sent. */
export interface ComposedMail {
  readonly id: string
  readonly parts: MessagePart[]
  readonly mail: MailHead
  /** The mail put below it. */
  readonly quotedMessageId: string | undefined
  readonly html: string | null
  readonly references: string[]
}

/**
 * Writes an agent's answer as a mail: to whom, under which subject, answering what, with which signatures. What the agent
 * left out comes from the mail that is answered: the one named, or the newest of the customer.
 * @throws AppError 'invalid_input' naming the recipient, file or limit that is wrong.
 */
export async function composeMail(tx: Tx, input: MailToCompose): Promise<ComposedMail> {
  const { conversation, identity, now } = input
  const asked = input.mail ?? outgoingMailSchema.parse({})
  const recent = await newestMails(tx, { conversationId: conversation.id, limit: recentMails })
  const answered = answeredOf(recent, input.quotedMessageId)
  const recipients = await recipientsOf(tx, input, asked, answered)
  const id = newId()
  const body = await bodyOf(tx, input, asked)
  const head: MailHead = {
    subject: asked.subject ?? subjectOf(conversation, answered, identity),
    from: identity.from,
    replyTo: [],
    ...recipients,
    messageId: identity.messageId(id),
    sentAt: now,
    hasHtml: body.html !== null,
    hasSource: false,
    automatic: null,
    notices: [],
  }
  const quotes = asked.quote && answered !== null
  return {
    id,
    parts: body.parts,
    mail: head,
    quotedMessageId: quotes ? answered.messageId : undefined,
    html: body.html,
    references: answered === null ? [] : referenceChain(answered.references, answered.internetId),
  }
}

/** Keeps what a composed mail has beside its message, in the transaction that stores the message. */
export async function keepMail(
  tx: Tx,
  composed: ComposedMail,
  at: { readonly conversationId: string; readonly inboxId: string; readonly now: number },
): Promise<void> {
  const { to, cc, bcc } = composed.mail
  await insertOutgoingMail(tx, {
    messageId: composed.id,
    conversationId: at.conversationId,
    inboxId: at.inboxId,
    internetId: composed.mail.messageId,
    references: composed.references,
    participants: [...new Set([...to, ...cc, ...bcc].map(({ address }) => address.toLowerCase()))],
    contentHash: null,
    html: composed.html,
    createdAt: at.now,
  })
}

type Recipients = Pick<MailHead, 'to' | 'cc' | 'bcc'>

/** Each address once, in the first field that names it; none of our own, which would answer itself. */
async function recipientsOf(tx: Tx, input: MailToCompose, asked: OutgoingMail, answered: AnswerableMail | null): Promise<Recipients> {
  const seen = new Set<string>()
  const take = (list: readonly MailAddress[]): MailAddress[] =>
    list.flatMap(({ address, name }) => {
      const wire = wireAddress(address.trim())
      if (wire === null)
        throw refusal(`${headerText(address)} is no e-mail address.`, 'invalid_recipient', { address: headerText(address) })
      const folded = wire.toLowerCase()
      if (isOwn(input.identity, folded)) {
        throw refusal(`${folded} is an address of this inbox; mail to it would come back.`, 'own_address', { address: folded })
      }
      if (seen.has(folded)) return []
      seen.add(folded)
      return [{ address: wire, name: name === null ? null : headerText(name) }]
    })
  const to = take(asked.to ?? (await customerOf(tx, input, answered)))
  const cc = take(asked.cc)
  const bcc = take(asked.bcc)
  if (seen.size > maxRecipients)
    throw refusal(`A mail goes to at most ${maxRecipients} recipients.`, 'too_many_recipients', { maxRecipients })
  return { to, cc, bcc }
}

async function customerOf(tx: Tx, { conversation, identity }: MailToCompose, answered: AnswerableMail | null): Promise<MailAddress[]> {
  const target = await replyTarget(tx, conversation, identity, answered)
  if (target.length === 0) throw refusal('This customer has no e-mail address yet; name a recipient.', 'no_recipient')
  return target
}

/** Words, signatures and files, in both forms. */
async function bodyOf(tx: Tx, input: MailToCompose, asked: OutgoingMail): Promise<{ parts: MessagePart[]; html: string | null }> {
  const files = input.parts.flatMap((part) =>
    part.type === 'media' && part.fileId !== undefined ? [{ ...part, fileId: part.fileId }] : [],
  )
  const bytes = files.reduce((total, file) => total + (file.bytes ?? 0), 0)
  if (bytes > maxFilesBytes)
    throw refusal(`The attachments have ${bytes} bytes together; a mail takes at most ${maxFilesBytes}.`, 'files_too_large', {
      maxBytes: maxFilesBytes,
    })
  const pictures = new Set(files.filter(({ kind }) => kind === 'image').map(({ fileId }) => fileId))
  const written = asked.html === undefined ? null : sanitizeWritten(sanitizeText(asked.html), pictures)
  const words =
    written === null ? input.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n') : textOfHtml(written)
  const signature = asked.signature ? await signatureOf(tx, input) : { text: '', html: '' }
  const text = signature.text === '' ? words : `${words}\n\n-- \n${signature.text}`
  const inText = new Set([...(written ?? '').matchAll(/src="cid:([^"]+)"/g)].map(([, fileId = '']) => fileId))
  const parts: MessagePart[] = []
  if (text !== '') parts.push({ type: 'text', text, ...(signature.text === '' ? {} : { foldFrom: words.length }) })
  for (const file of files) parts.push(inText.has(file.fileId) ? { ...file, contentId: file.fileId, inline: true } : file)
  if (parts.length === 0) throw refusal('The mail is empty.', 'empty')
  const html = written ?? (signature.html === '' ? null : `<p>${htmlOfText(words)}</p>`)
  return { parts, html: html === null ? null : html + (signature.html === '' ? '' : `<div>-- <br>${signature.html}</div>`) }
}

/** The agent's own lines, then the inbox's. */
async function signatureOf(tx: Tx, { agentId, identity }: MailToCompose): Promise<{ text: string; html: string }> {
  const [agent] = agentId === null ? [] : await agentRowById(tx, { id: agentId })
  const own = agent?.signature ?? ''
  const shared = sanitizeWritten(identity.signature, new Set())
  const text = [own, textOfHtml(shared)].filter((piece) => piece !== '').join('\n')
  const html = [own === '' ? '' : `<div>${htmlOfText(own)}</div>`, shared === '' ? '' : `<div>${shared}</div>`].join('')
  return { text, html }
}

function refusal(sentence: string, code: string, details: Record<string, unknown> = {}): AppError {
  return new AppError('invalid_input', sentence, { code, ...details })
}

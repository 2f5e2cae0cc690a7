import type { MailTransport, OwnMail } from '../ports/mail.ts'
import { checkedMail } from './mail-message.ts'

const maxKept = 100

/** A transport that keeps the newest hundred mails in this process, for trials without a mail server. */
export interface MemoryMail extends MailTransport {
  /** Oldest first. */
  readonly sent: readonly OwnMail[]
}

/** Makes a transport that sends nothing and forgets everything with the process. */
export function createMemoryMail(): MemoryMail {
  const sent: OwnMail[] = []
  return {
    sent,
    send: async (mail) => {
      sent.push(checkedMail(mail))
      if (sent.length > maxKept) sent.shift()
    },
    close: () => undefined,
  }
}

import { AppError } from '../lib/errors.ts'
import { breaksHeader, wireAddress } from '../lib/mail-header.ts'
import type { OwnMail } from '../ports/mail.ts'

/** The mail with its address as it goes onto the wire. @throws AppError 'invalid_input' when address or subject would change its head. */
export function checkedMail(mail: OwnMail): OwnMail {
  const to = wireAddress(mail.to)
  if (to === null) throw new AppError('invalid_input', 'This is no address that mail can be sent to.')
  if (breaksHeader(mail.subject)) throw new AppError('invalid_input', 'A subject is one line.')
  return { ...mail, to }
}

/** A mail of the product's own: an invitation, a link for a new password. */
export interface OwnMail {
  /** One address, checked by whoever calls. */
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends the product's own mail. Customers are written to through inboxes, never through this. */
export interface MailTransport {
  /**
   * Hands a mail to a server. Sending one twice sends two.
   * @throws AppError 'provider_unavailable' when no server took it; 'invalid_input' for an address or subject that would
   *   change the message's head.
   */
  send(mail: OwnMail): Promise<void>
  close(): void
}

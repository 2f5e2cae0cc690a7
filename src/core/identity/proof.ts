/** How we came to believe that an address is somebody's. */
export type Proof =
  /** Carrier-delivered SMS or a WhatsApp id. */
  | 'carrier_message'
  /** A call whose caller id the carrier attests in full (STIR/SHAKEN A). */
  | 'attested_caller'
  /** Any other caller id: easily forged. */
  | 'caller_id'
  /** A mail whose From is aligned with a valid DKIM signature. */
  | 'aligned_mail'
  /** Any other mail: From is free text. */
  | 'mail_from'
  /** A user id in a webhook the provider signed. */
  | 'signed_webhook'
  /** LINE account link, completed with our nonce. */
  | 'account_link'
  /** Our own signed visitor token. */
  | 'visitor_token'
  /** An id the customer's site signed (HMAC or JWT). */
  | 'signed_id'
  /** A code sent to the address and given back. */
  | 'one_time_code'
  /** An agent wrote it down. */
  | 'agent_entered'
  /** The customer typed it: a form, a pre-chat question, a message. */
  | 'typed'

const verifies: Readonly<Record<Proof, boolean>> = {
  carrier_message: true,
  attested_caller: true,
  caller_id: false,
  aligned_mail: true,
  mail_from: false,
  signed_webhook: true,
  account_link: true,
  visitor_token: true,
  signed_id: true,
  one_time_code: true,
  agent_entered: false,
  typed: false,
}

/** Whether a proof makes an address verified; only verified addresses identify anybody by themselves. */
export function isVerifiedBy(proof: Proof): boolean {
  return verifies[proof]
}

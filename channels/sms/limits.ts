/** Limits of the Messages resource; UTF-16 code units and bytes. Source: Twilio, "Message resource", "Accepted content types for media". */
export const smsLimits = {
  textChars: 1_600,
  media: 10,
  /** Of all media of one message. */
  mediaBytes: 5_000_000,
  /** Of the one medium of a WhatsApp message. */
  whatsappBytes: 16_000_000,
  /** Largest file that is offered as a link. */
  linkedBytes: 100_000_000,
} as const

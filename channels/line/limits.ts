/** Limits of the Messaging API; bytes, and UTF-16 code units for text. Source: Messaging API reference, "Message objects". */
export const lineLimits = {
  bubbles: 5,
  textChars: 5_000,
  imageBytes: 10_000_000,
  previewBytes: 1_000_000,
  videoBytes: 200_000_000,
  audioBytes: 200_000_000,
  titleChars: 100,
  altTextChars: 1_500,
  quickReplies: 13,
} as const

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

/** Packages whose stickers an official account may send. Source: LINE Developers, "List of available stickers". */
export const sendableStickerPackages: readonly string[] = [
  '446',
  '789',
  '1070',
  '6136',
  '6325',
  '6359',
  '6362',
  '6370',
  '6632',
  '8515',
  '8522',
  '8525',
  '11537',
  '11538',
  '11539',
]

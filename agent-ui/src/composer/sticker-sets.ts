/** A set of stickers that official accounts may send. */
export interface StickerSet {
  readonly packageId: string
  readonly stickerIds: readonly string[]
}

function range(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(first + at))
}

/** Source: LINE Developers, "List of available stickers". */
export const stickerSets: readonly StickerSet[] = [
  { packageId: '11537', stickerIds: range(52_002_734, 40) },
  { packageId: '11538', stickerIds: range(51_626_494, 40) },
  { packageId: '11539', stickerIds: range(52_114_110, 40) },
  { packageId: '789', stickerIds: range(10_855, 40) },
  { packageId: '446', stickerIds: range(1_988, 40) },
]

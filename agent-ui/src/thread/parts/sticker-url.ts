const stickerHost = 'https://stickershop.line-scdn.net'

/** Picture of a sticker in the provider's public shop. Source: LINE Developers, "List of available stickers". */
export function stickerUrl(stickerId: string): string {
  return `${stickerHost}/stickershop/v1/sticker/${encodeURIComponent(stickerId)}/android/sticker.png`
}

/** Picture of an inline emoji, from `productId/emojiId`; null when the value has another form. */
export function emojiUrl(value: string | undefined): string | null {
  const [productId, emojiId, rest] = value?.split('/') ?? []
  if (!productId || !emojiId || rest !== undefined) return null
  return `${stickerHost}/sticonshop/v1/sticon/${encodeURIComponent(productId)}/android/${encodeURIComponent(emojiId)}.png`
}

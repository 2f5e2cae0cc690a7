/** Types browsers show safely by themselves, by the bubble they stand in; everything else is a file. */
const shown: Readonly<Record<string, 'image' | 'video' | 'audio'>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'image/avif': 'image',
  'video/mp4': 'video',
  'video/webm': 'video',
  'audio/mpeg': 'audio',
  'audio/mp4': 'audio',
  'audio/x-m4a': 'audio',
  'audio/aac': 'audio',
  'audio/ogg': 'audio',
  'audio/wav': 'audio',
}

/** The kind of bubble a sniffed type is shown in. */
export function mediaKindOf(mime: string): 'image' | 'video' | 'audio' | 'file' {
  return shown[mime.toLowerCase()] ?? 'file'
}

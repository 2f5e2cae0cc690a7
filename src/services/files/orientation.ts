/**
 * The segment of a JPEG that says which side is up and nothing else: APP1 with an Exif header and one entry, tag 0x0112
 * (Exif 2.32 §4.5, §4.6.2, §4.6.4).
 * @param orientation 1 (as stored) to 8.
 * @returns null for 1 and for what is none.
 */
export function orientationTag(orientation: number): Buffer | null {
  if (!Number.isInteger(orientation) || orientation < 2 || orientation > 8) return null
  const tiff = Buffer.alloc(26)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(0x01_12, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(orientation, 18)
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const segment = Buffer.alloc(4)
  segment.writeUInt16BE(0xff_e1, 0)
  segment.writeUInt16BE(exif.byteLength + 2, 2)
  return Buffer.concat([segment, exif])
}

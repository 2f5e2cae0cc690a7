/** How a text leaves by SMS. */
export interface SmsSegments {
  /** GSM 03.38 takes seven bits a letter; one letter outside of it turns the whole text into UCS-2. */
  readonly encoding: 'gsm7' | 'ucs2'
  /** Segments it is sent and paid as; 0 for no text. */
  readonly count: number
  /** Units used: septets or UTF-16 code units, with what is left empty at the end of full segments. */
  readonly used: number
  /** Units that fit before one more segment begins. */
  readonly left: number
}

/** Units of a text that stands alone, and of each segment of a longer one, whose head takes six octets (3GPP TS 23.040 §9.2.3.24). */
const room = { gsm7: { single: 160, each: 153 }, ucs2: { single: 70, each: 67 } } as const

/** The default alphabet (3GPP TS 23.038 §6.2.1). */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)

/** Letters of its extension table (§6.2.1.1): each takes two septets. */
const extension = new Set('\f^{}\\[~]|€')

/**
 * Segments of a text. Neither an extended letter nor a pair of surrogates is divided between two segments, so that
 * a full segment may end with a unit unused.
 */
export function smsSegments(text: string): SmsSegments {
  const letters = Array.from(text)
  const gsm = letters.every((letter) => basic.has(letter) || extension.has(letter))
  const encoding = gsm ? 'gsm7' : 'ucs2'
  const sizeOf = (letter: string): number => (gsm ? (extension.has(letter) ? 2 : 1) : letter.length)
  const { single, each } = room[encoding]
  const whole = letters.reduce((sum, letter) => sum + sizeOf(letter), 0)
  if (whole <= single) return { encoding, count: whole === 0 ? 0 : 1, used: whole, left: single - whole }
  let count = 1
  let filled = 0
  for (const letter of letters) {
    const size = sizeOf(letter)
    if (filled + size > each) {
      count += 1
      filled = 0
    }
    filled += size
  }
  return { encoding, count, used: (count - 1) * each + filled, left: each - filled }
}

export interface SmsSegments {
  encoding: 'gsm7' | 'ucs2'
  /** Septets in GSM 7-bit, UTF-16 units in UCS-2. */
  units: number
  parts: number
}

// GSM 03.38: the basic set, and the characters that cost two because they need an escape.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const extended = new Set('^{}\\[~]|€\f')

/**
 * How many parts a text is charged for: 160/153 septets, or 70/67 UTF-16 units once a single character, such as any
 * Persian letter, digit or half-space, is outside GSM 7-bit. A part never ends inside a character.
 */
export function smsSegments(text: string): SmsSegments {
  const chars = Array.from(text)
  const gsm = chars.every((char) => basic.has(char) || extended.has(char))
  const widths = gsm ? chars.map((char) => (extended.has(char) ? 2 : 1)) : chars.map((char) => char.length)
  const units = widths.reduce<number>((sum, width) => sum + width, 0)
  const [alone, joined] = gsm ? [160, 153] : [70, 67]
  return { encoding: gsm ? 'gsm7' : 'ucs2', units, parts: units <= alone ? 1 : joinedParts(widths, joined) }
}

function joinedParts(widths: number[], room: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > room) {
      parts += 1
      used = 0
    }
    used += width
  }
  return parts
}

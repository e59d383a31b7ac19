/** IBSng writes wall-clock minutes of its own zone, `2026-11-24 11:30[:00]`; the zone is a setting, Tehran by default. */
export function ibsngTime(offsetMinutes: number) {
  const shift = offsetMinutes * 60_000

  /** ISO instant to the vendor's text. Seconds are cut off: the vendor's fields hold minutes. */
  const write = (instant: string): string =>
    new Date(Date.parse(instant) + shift).toISOString().slice(0, 16).replace('T', ' ')

  /** The vendor's text to an ISO instant; undefined for anything else, such as `---------------`. */
  const read = (text: string | null | undefined): string | undefined => {
    const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text ?? '')
    if (!match) return undefined
    return new Date(Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`) - shift).toISOString()
  }

  return { write, read }
}

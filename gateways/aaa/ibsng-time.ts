/** IBSng writes wall-clock minutes of its own zone, `2026-11-24 11:30[:00]`; the zone is a setting, Tehran by default. */
export function ibsngTime(offsetMinutes: number) {
  return {
    /** ISO instant to the vendor's text. Seconds are cut off: the vendor's fields hold minutes. */
    write(instant: string): string {
      return new Date(Date.parse(instant) + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')
    },
    /** The vendor's text to an ISO instant; undefined for anything else, such as `-` or `---------------`. */
    read(text: string | null | undefined): string | undefined {
      const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text ?? '')
      if (!match) return undefined
      return new Date(Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`) - offsetMinutes * 60_000).toISOString()
    },
  }
}

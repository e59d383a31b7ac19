/** Iran has kept +03:30 the whole year since 1401. */
const offset = '+03:30'

/** A day of the browser's clock as `YYYY-MM-DD`. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `YYYY-MM-DD` as that day in the browser's clock. */
export function localDate(day: string | null): Date | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return undefined
  return new Date(year, month - 1, date)
}

/** The first instant of a day in Tehran. */
export const dayStart = (day: string) => new Date(`${day}T00:00:00${offset}`).toISOString()

/** The first instant after a day in Tehran. */
export const dayEnd = (day: string) => new Date(Date.parse(dayStart(day)) + 86_400_000).toISOString()

/** A day and a clock in Tehran as an instant; null when the clock is not one. */
export function instantOf(day: string, clock: string): string | null {
  const at = new Date(`${day}T${clock}:00${offset}`)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

/** Day and clock of an instant in Tehran. */
export function inTehran(iso: string): { day: string; clock: string } {
  const shifted = new Date(Date.parse(iso) + 3.5 * 3_600_000).toISOString()
  return { day: shifted.slice(0, 10), clock: shifted.slice(11, 16) }
}

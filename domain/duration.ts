import { DomainError } from './errors.ts'

/** A parsed duration. `months` are calendar months, `days` calendar or working days, `ms` exact time; all are ≥ 0 and `negative` turns the whole. */
export interface Duration {
  months: number
  days: number
  ms: number
  negative: boolean
}

/**
 * Reads an ISO 8601 duration of whole numbers: `P3DT4H`, `PT30M`, `-P1M`; a year is 12 months, a week 7 days.
 * Ends in DomainError `BadDuration` for anything else and for more than a hundred years, which would make a calendar search endless.
 */
export function parseDuration(text: string): Duration {
  const match =
    /^(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      text,
    )
  if (match === null) throw badDuration(text)
  const part = (index: number) => Number(match[index] ?? 0)
  const duration = {
    months: part(2) * 12 + part(3),
    days: part(4) * 7 + part(5),
    ms: (part(6) * 3600 + part(7) * 60 + part(8)) * 1000,
    negative: match[1] === '-',
  }
  if (duration.months > 1200 || duration.days > 36_525 || duration.ms > 36_525 * 86_400_000) throw badDuration(text)
  return duration
}

const badDuration = (text: string) =>
  new DomainError('BadDuration', {
    fa: `مدت «${text}» معتبر نیست`,
    en: `"${text}" is no ISO 8601 duration of whole numbers`,
  })

import type { Preferences } from '../shell/preferences.tsx'

/** A span in the largest unit that says it well. */
export interface Span {
  value: number
  unit: 'minute' | 'hour' | 'day'
}

const zone = 'Asia/Tehran'
const persianDigits = '۰۱۲۳۴۵۶۷۸۹'

/** Everything that is shown of numbers, money and instants, in one reader's language, calendar and currency. Instants are ISO, money is whole Rials. */
export function createFormat({ lang, calendar, currency }: Preferences) {
  const numbers = lang === 'fa' ? 'fa-IR-u-nu-arabext' : 'en-GB'
  const dates = `${lang === 'fa' ? 'fa-IR' : 'en-GB'}-u-ca-${calendar === 'jalali' ? 'persian' : 'gregory'}-nu-${lang === 'fa' ? 'arabext' : 'latn'}`
  const count = new Intl.NumberFormat(numbers)
  const short = new Intl.DateTimeFormat(dates, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone })
  const clock = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone })
  const month = new Intl.DateTimeFormat(dates, { month: 'long', timeZone: zone })
  const weekday = new Intl.DateTimeFormat(dates, { weekday: 'long', timeZone: zone })
  const other = createOther(lang, calendar)

  const num = (value: number | bigint) => count.format(value)
  const digits = (text: string) => (lang === 'fa' ? text.replace(/\d/g, (d) => persianDigits[Number(d)] ?? d) : text)
  /** 1405/09/03, or 24/11/2026. */
  const date = (iso: string) => {
    const { year, month: m, day } = parts(short, iso)
    return calendar === 'jalali' ? `${year}/${m}/${day}` : `${day}/${m}/${year}`
  }
  const time = (iso: string) => clock.format(new Date(iso))

  return {
    num,
    digits,
    date,
    time,
    dateTime: (iso: string) => `${date(iso)} ${time(iso)}`,
    /** With the weekday and the other calendar, for a tooltip. */
    longDate: (iso: string) => {
      const { year, day } = parts(short, iso)
      const at = new Date(iso)
      return `${weekday.format(at)} ${digits(String(Number(latin(day))))} ${month.format(at)} ${year} · ${other(at)} · ${time(iso)}`
    },
    /** The amount alone, in the reader's currency: Tomans are tens of Rials, so a part may remain. */
    amount: (rial: number) => (currency === 'rial' ? num(rial) : count.format(rial / 10)),
    money: (rial: number) => `${currency === 'rial' ? num(rial) : count.format(rial / 10)} ${unit[currency][lang]}`,
    currencyName: unit[currency][lang],
    /** How long, in one unit: `۵ ساعت`. */
    span: (ms: number) => {
      const { value, unit: of } = spanOf(ms)
      return `${num(value)} ${spans[of][lang][value === 1 ? 0 : 1]}`
    },
    percent: (share: number) => `${num(Math.round(share * 100))}${lang === 'fa' ? '٪' : '%'}`,
    bytes: (size: number) =>
      size < 1_000_000
        ? `${num(Math.ceil(size / 1000))} ${lang === 'fa' ? 'کیلوبایت' : 'kB'}`
        : `${num(Math.round(size / 100_000) / 10)} ${lang === 'fa' ? 'مگابایت' : 'MB'}`,
  }
}

export type Format = ReturnType<typeof createFormat>

/** Milliseconds in the largest unit that is at least one, rounded down; never less than one minute. */
export function spanOf(ms: number): Span {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  if (minutes >= 2 * 24 * 60) return { value: Math.floor(minutes / (24 * 60)), unit: 'day' }
  if (minutes >= 60) return { value: Math.floor(minutes / 60), unit: 'hour' }
  return { value: Math.max(1, minutes), unit: 'minute' }
}

/** Persian and Arabic digits as ASCII ones, so that what is typed in either is understood. */
export const latin = (text: string) =>
  text
    .replace(/[۰-۹]/g, (d) => String(persianDigits.indexOf(d)))
    .replace(/[٠-٩]/g, (d) => String('٠١٢٣٤٥٦٧٨٩'.indexOf(d)))

const unit = { toman: { fa: 'تومان', en: 'Toman' }, rial: { fa: 'ریال', en: 'Rial' } }
const spans = {
  minute: { fa: ['دقیقه', 'دقیقه'], en: ['minute', 'minutes'] },
  hour: { fa: ['ساعت', 'ساعت'], en: ['hour', 'hours'] },
  day: { fa: ['روز', 'روز'], en: ['day', 'days'] },
} as const

function parts(format: Intl.DateTimeFormat, iso: string): { year: string; month: string; day: string } {
  const found = Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]))
  return { year: found['year'] ?? '', month: found['month'] ?? '', day: found['day'] ?? '' }
}

function createOther(lang: 'fa' | 'en', calendar: 'jalali' | 'gregorian'): (at: Date) => string {
  const tag = `en-GB-u-ca-${calendar === 'jalali' ? 'gregory' : 'persian'}`
  const format = new Intl.DateTimeFormat(tag, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone })
  return (at) => {
    const { year, month, day } = parts(format, at.toISOString())
    const text = `${year}-${month}-${day}`
    return lang === 'fa' ? `\u2066${text}\u2069` : text
  }
}

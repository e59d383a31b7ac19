import { parseDuration } from '../../domain/duration.ts'
import { DomainError, type Text } from '../../domain/errors.ts'

const units = [
  ['months', 'ماه', 'month'],
  ['days', 'روز', 'day'],
  ['hours', 'ساعت', 'hour'],
  ['minutes', 'دقیقه', 'minute'],
  ['seconds', 'ثانیه', 'second'],
] as const

/** An ISO 8601 duration as people say it (`P1DT2H` = "1 day 2 hours"); what is no duration is given back as it is. */
export function durationWords(duration: string): Text {
  const parts = partsOf(duration)
  if (parts === undefined) return { fa: duration, en: duration }
  const said = units.filter(([unit]) => parts[unit] > 0)
  if (said.length === 0) return { fa: 'بی‌درنگ', en: 'at once' }
  const sign = parts.negative ? { fa: ' پیش', en: ' before' } : { fa: '', en: '' }
  return {
    fa: said.map(([unit, fa]) => `${parts[unit].toLocaleString('fa-IR')} ${fa}`).join(' و ') + sign.fa,
    en: said.map(([unit, , en]) => `${parts[unit]} ${en}${parts[unit] === 1 ? '' : 's'}`).join(' ') + sign.en,
  }
}

function partsOf(duration: string) {
  try {
    const { months, days, ms, negative } = parseDuration(duration)
    const seconds = Math.round(ms / 1000)
    return {
      months,
      days,
      hours: Math.floor(seconds / 3600),
      minutes: Math.floor((seconds % 3600) / 60),
      seconds: seconds % 60,
      negative,
    }
  } catch (fault) {
    if (fault instanceof DomainError) return undefined
    throw fault
  }
}

import type { BusinessCalendar } from '../../domain/business-calendar.ts'
import { tehranOffsetMinutes } from '../../domain/jalali.ts'

/** Solar holidays: the same Jalali day each year. */
const holidays = [
  { jalali: '01-01', to: '01-04' },
  { jalali: '01-12', to: '01-13' },
  { jalali: '03-14', to: '03-15' },
  { jalali: '11-22' },
  { jalali: '12-29' },
]

/**
 * Lunar holidays. 1405 is the official calendar; 1406 is computed, and a day may move by one with the moon: put the
 * official list in its place when it is published.
 */
const dated = [
  '1405-01-25',
  '1405-03-06',
  '1405-04-03',
  '1405-04-04',
  '1405-05-13',
  '1405-05-21',
  '1405-05-22',
  '1405-05-30',
  '1405-06-08',
  '1405-08-22',
  '1405-10-02',
  '1405-10-16',
  '1405-11-04',
  '1405-12-09',
  '1405-12-19',
  '1405-12-20',
  '1406-01-14',
  '1406-02-27',
  '1406-03-04',
  '1406-03-24',
  '1406-03-25',
  '1406-05-03',
  '1406-05-11',
  '1406-05-12',
  '1406-05-20',
  '1406-05-29',
  '1406-08-12',
  '1406-09-21',
  '1406-10-05',
  '1406-10-23',
  '1406-11-28',
  '1406-12-08',
  '1406-12-09',
]

const everyDay = (hours: string[]) => ({
  sat: hours,
  sun: hours,
  mon: hours,
  tue: hours,
  wed: hours,
  thu: hours,
  fri: hours,
})

/** Working hours that definitions count in, by catalogue id. */
export const calendars: Record<string, BusinessCalendar> = {
  'ir-office': {
    id: 'ir-office',
    label: { fa: 'ساعت اداری', en: 'Office hours' },
    utcOffsetMinutes: tehranOffsetMinutes,
    week: { ...everyDay(['08:00-16:00']), thu: ['08:00-13:00'], fri: [] },
    holidays,
    dated,
  },
  'ir-sms-hours': {
    id: 'ir-sms-hours',
    label: { fa: 'ساعت مجاز پیامک', en: 'Hours for text messages' },
    utcOffsetMinutes: tehranOffsetMinutes,
    week: everyDay(['08:00-22:00']),
    holidays: [],
    dated: [],
  },
  'tci-office': {
    id: 'tci-office',
    label: { fa: 'ساعت کاری مخابرات', en: 'Hours of the telephone company' },
    utcOffsetMinutes: tehranOffsetMinutes,
    week: { ...everyDay(['07:30-14:30']), thu: [], fri: [] },
    holidays,
    dated,
  },
}

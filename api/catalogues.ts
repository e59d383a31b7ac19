import { listCalendars } from '../db/calendars.ts'
import type { Queryable } from '../db/client.ts'
import { listDefinitions } from '../db/definitions.ts'
import { foreignQueries } from '../db/foreign-queries.ts'
import { listTemplates } from '../db/messages.ts'
import { activities } from '../definitions/catalogue/activities.ts'
import { calendars } from '../definitions/catalogue/calendars.ts'
import { roles } from '../definitions/catalogue/roles.ts'
import { sources } from '../definitions/catalogue/sources.ts'
import type { CheckCatalogues } from '../definitions/check/finding.ts'
import type { TemplateFiles } from '../templates/files.ts'
import { readsOf } from '../templates/reads.ts'

export const channels = ['sms', 'email', 'call', 'push', 'inbox'] as const
export type Channel = (typeof channels)[number]

/** What a definition may lean on here and now: the shipped catalogues, and over them what this company has added. */
export async function cataloguesOf(db: Queryable, files: TemplateFiles): Promise<CheckCatalogues> {
  const own = await listTemplates(db)
  const has = (key: string, channel: Channel, locale: 'fa' | 'en') =>
    files.find(key, channel, locale) !== null ||
    own.some((text) => text.key === key && text.channel === channel && text.locale === locale)
  const keys = new Set([...files.keys(), ...own.map(({ key }) => key)])
  return {
    activities,
    roles,
    calendars: {
      ...calendars,
      ...Object.fromEntries((await listCalendars(db)).map((calendar) => [calendar.id, calendar])),
    },
    sources: { ...sources, ...(await foreignQueries(db)) },
    templates: Object.fromEntries(
      [...keys].map((key) => [key, channels.filter((channel) => has(key, channel, 'fa') && has(key, channel, 'en'))]),
    ),
    texts: Object.fromEntries(
      [...keys].flatMap((key) =>
        channels.map((channel) => [
          `${key}.${channel}`,
          (['fa', 'en'] as const).flatMap((locale) => {
            const theirs = own.find((one) => one.key === key && one.channel === channel && one.locale === locale)
            const found = theirs ?? files.find(key, channel, locale)
            return found === null ? [] : [{ locale, ...readsOf({ subject: found.subject, body: found.body }) }]
          }),
        ]),
      ),
    ),
    processes: { known: [...new Set((await listDefinitions(db)).map(({ id }) => id))], complete: true },
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { activities } from '../definitions/catalogue/activities.ts'
import { calendars } from '../definitions/catalogue/calendars.ts'
import { roles } from '../definitions/catalogue/roles.ts'
import { sources } from '../definitions/catalogue/sources.ts'
import type { CheckCatalogues } from '../definitions/check/finding.ts'
import type { Json } from '../domain/json.ts'
import { readTemplates } from '../templates/files.ts'
import { readsOf } from '../templates/reads.ts'

/** The catalogues of this release. A process that is not among the shipped ones may be in a company's database: a warning. */
export function shippedCatalogues(): CheckCatalogues {
  const files = readTemplates()
  const channels = ['sms', 'email', 'call', 'push', 'inbox']
  const seeds = new URL('../definitions/seeds/', import.meta.url)
  const known = readdirSync(seeds)
    .filter((name) => name.endsWith('.json'))
    .map((name) => (JSON.parse(readFileSync(new URL(name, seeds), 'utf8')) as { id: Json }).id)
  return {
    activities,
    roles,
    calendars,
    sources,
    templates: Object.fromEntries(
      files
        .keys()
        .map((key) => [
          key,
          channels.filter(
            (channel) => files.find(key, channel, 'fa') !== null && files.find(key, channel, 'en') !== null,
          ),
        ]),
    ),
    texts: Object.fromEntries(
      files.keys().flatMap((key) =>
        channels.map((channel) => [
          `${key}.${channel}`,
          (['fa', 'en'] as const).flatMap((locale) => {
            const text = files.find(key, channel, locale)
            return text === null ? [] : [{ locale, ...readsOf(text) }]
          }),
        ]),
      ),
    ),
    processes: { known: known.map(String), complete: false },
  }
}

import { activities } from '../catalogue/activities.ts'
import { calendars } from '../catalogue/calendars.ts'
import { roles } from '../catalogue/roles.ts'
import { sources } from '../catalogue/sources.ts'
import { smallOrder } from './examples/small-order.ts'
import type { CheckCatalogues } from './finding.ts'

/** For tests: the shipped catalogues, with a few templates and one known process. */
export const someCatalogues: CheckCatalogues = {
  activities,
  roles,
  calendars,
  sources,
  templates: { 'adsl.welcome': ['sms', 'email'] },
  texts: {
    'adsl.welcome.sms': [
      { locale: 'fa', reads: ['customerName'], empty: false },
      { locale: 'en', reads: ['customerName'], empty: false },
    ],
    'adsl.welcome.email': [
      { locale: 'fa', reads: ['username'], empty: false },
      { locale: 'en', reads: ['username'], empty: false },
    ],
  },
  processes: { known: ['child'], complete: true },
}

/** For tests: the small order, to be changed. */
export const aDefinition = smallOrder

import { type Icon, IconMap2, IconSitemap } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Text } from '../domain/errors.ts'
import type { Audience } from './shell/me.tsx'

/** Headings of the menu, in its order. */
export const groups = ['work', 'sales', 'money', 'company', 'system', 'mine'] as const

/** One screen: a folder under screens/ and a line in the table below. Its code is loaded when it is opened. */
export interface ScreenEntry {
  /** Of react-router, with `:params`. */
  path: string
  title: Text
  /** Absent: the screen is reached from others and has no line in the menu. */
  menu?: { group: (typeof groups)[number]; icon: Icon }
  /** A permission of api/permissions.ts; null: open to whoever signed in. */
  permission: string | null
  audience: readonly Audience[]
  /** The letter after G that opens it. */
  key?: string
  load: () => Promise<{ Screen: ComponentType }>
}

const staff = ['staff'] as const
const partners = ['staff', 'agency'] as const

/** All screens. The first one that a person may see is where he arrives after the sign-in. */
export const screens: readonly ScreenEntry[] = [
  {
    path: '/map/:definition?',
    title: { fa: 'نقشهٔ سفارش‌ها', en: 'Map of orders' },
    menu: { group: 'work', icon: IconMap2 },
    permission: 'map.read',
    audience: partners,
    key: 'm',
    load: () => import('./screens/map/map.tsx'),
  },
  {
    path: '/definitions',
    title: { fa: 'تعریف فرایندها', en: 'Process definitions' },
    menu: { group: 'company', icon: IconSitemap },
    permission: 'definitions.review',
    audience: staff,
    key: 'd',
    load: () => import('./screens/definitions/definitions.tsx'),
  },
  {
    path: '/definitions/:id',
    title: { fa: 'نسخه‌های فرایند', en: 'Versions of a process' },
    permission: 'definitions.review',
    audience: staff,
    load: () => import('./screens/definitions/versions.tsx'),
  },
  {
    path: '/designer/:id/:version?',
    title: { fa: 'طراح فرایند', en: 'Process designer' },
    permission: 'definitions.review',
    audience: staff,
    load: () => import('./screens/designer/designer.tsx'),
  },
]

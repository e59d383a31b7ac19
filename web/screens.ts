import {
  type Icon,
  IconChecklist,
  IconFileInvoice,
  IconHome,
  IconListDetails,
  IconMap2,
  IconSitemap,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'
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
const everybody = ['staff', 'agency', 'customer'] as const

/** All screens. The first one that a person may see is where he arrives after the sign-in. */
export const screens: readonly ScreenEntry[] = [
  {
    path: '/home',
    title: { fa: 'سرویس‌های من', en: 'My services' },
    menu: { group: 'work', icon: IconHome },
    permission: null,
    audience: ['customer'],
    key: 'h',
    load: () => import('./screens/home/home.tsx'),
  },
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
    path: '/work',
    title: { fa: 'کارهای من', en: 'My work' },
    menu: { group: 'work', icon: IconChecklist },
    permission: 'work.read',
    audience: partners,
    key: 'w',
    load: () => import('./screens/work/work.tsx'),
  },
  {
    path: '/orders/new',
    title: { fa: 'سفارش جدید', en: 'New order' },
    permission: 'orders.create',
    audience: everybody,
    key: 'n',
    load: () => import('./screens/new-order/new-order.tsx'),
  },
  {
    path: '/orders/:id',
    title: { fa: 'سفارش', en: 'Order' },
    permission: 'orders.read',
    audience: everybody,
    load: () => import('./screens/order/order.tsx'),
  },
  {
    path: '/customers',
    title: { fa: 'مشتریان', en: 'Customers' },
    menu: { group: 'sales', icon: IconUsers },
    permission: 'customers.read',
    audience: partners,
    key: 'c',
    load: () => import('./screens/customers/list.tsx'),
  },
  {
    path: '/customers/:id',
    title: { fa: 'مشتری', en: 'Customer' },
    permission: 'customers.read',
    audience: partners,
    load: () => import('./screens/customers/customer.tsx'),
  },
  {
    path: '/invoices',
    title: { fa: 'صورت‌حساب‌ها', en: 'Invoices' },
    menu: { group: 'money', icon: IconFileInvoice },
    permission: 'invoices.read',
    audience: partners,
    key: 'i',
    load: () => import('./screens/invoices/list.tsx'),
  },
  {
    path: '/invoices/:id',
    title: { fa: 'صورت‌حساب', en: 'Invoice' },
    permission: 'invoices.read',
    audience: everybody,
    load: () => import('./screens/invoices/invoice.tsx'),
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
  {
    path: '/users',
    title: { fa: 'کاربران', en: 'Users' },
    menu: { group: 'system', icon: IconUserShield },
    permission: 'users.read',
    audience: staff,
    key: 'u',
    load: () => import('./screens/users/users.tsx'),
  },
  {
    path: '/audit',
    title: { fa: 'رویدادنگاری', en: 'Audit log' },
    menu: { group: 'system', icon: IconListDetails },
    permission: 'audit.read',
    audience: staff,
    key: 'a',
    load: () => import('./screens/audit/audit.tsx'),
  },
]

/** The address of a screen without its optional parameters. */
export const pathOf = (path: string) => path.replace(/\/:\w+\?/g, '')

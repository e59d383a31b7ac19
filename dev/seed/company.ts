import type { CustomerInput } from '../../db/customers.ts'
import type { Reach } from '../../db/schema/users.ts'

/** The demonstration company: an internet provider in three cities that sells through two agencies and a sub-agency. */

export const demoPassword = 'samfony-demo'

const text = (fa: string, en: string) => ({ fa, en })

export const cities = [
  { id: 'tehran', nameFa: 'تهران', nameEn: 'Tehran' },
  { id: 'esfahan', nameFa: 'اصفهان', nameEn: 'Esfahan' },
  { id: 'shiraz', nameFa: 'شیراز', nameEn: 'Shiraz' },
]

/** The simulated OSS has ports in these; Shiraz has none free. */
export const centres = [
  { id: 'tehran-vanak', cityId: 'tehran', code: 'vanak', nameFa: 'مرکز ونک', nameEn: 'Vanak', prefixes: ['021880'] },
  {
    id: 'tehran-resalat',
    cityId: 'tehran',
    code: 'resalat',
    nameFa: 'مرکز رسالت',
    nameEn: 'Resalat',
    prefixes: ['021770'],
  },
  {
    id: 'esfahan-markazi',
    cityId: 'esfahan',
    code: 'esfahan',
    nameFa: 'مرکز اصفهان',
    nameEn: 'Esfahan Central',
    prefixes: ['031320'],
  },
  { id: 'shiraz-zand', cityId: 'shiraz', code: 'zand', nameFa: 'مرکز زند', nameEn: 'Zand', prefixes: ['071320'] },
]

export const partners = [
  { id: 'hq', parentId: null, code: 'hq', name: text('فروش مستقیم', 'Direct sales') },
  { id: 'tehran-agency', parentId: 'hq', code: 'tehran', name: text('نمایندگی تهران', 'Tehran agency') },
  { id: 'arya', parentId: 'tehran-agency', code: 'arya', name: text('نمایندگی آریا', 'Arya reseller') },
  { id: 'esfahan-agency', parentId: 'hq', code: 'esfahan', name: text('نمایندگی اصفهان', 'Esfahan agency') },
]

/** Agencies have paid money in beforehand. */
export const partnerCreditRial = { arya: 50_000_000, 'tehran-agency': 100_000_000, 'esfahan-agency': 20_000_000 }

/** Value added tax: dated, as a budget law changed it. */
export const taxRates = [
  {
    code: 'vat',
    validFrom: '2009-03-21',
    labelFa: 'مالیات بر ارزش افزوده',
    labelEn: 'Value added tax',
    numerator: 9,
    denominator: 100,
    compound: false,
  },
  {
    code: 'vat',
    validFrom: '2024-03-20',
    labelFa: 'مالیات بر ارزش افزوده',
    labelEn: 'Value added tax',
    numerator: 10,
    denominator: 100,
    compound: false,
  },
]

export const products = [
  network('adsl-8-1m', 'adsl', text('ADSL ۸ مگابیت — یک‌ماهه', 'ADSL 8 Mb — one month'), {
    days: 30,
    gigabytes: 60,
    amountRial: 1_990_000,
  }),
  network('adsl-16-12m', 'adsl', text('ADSL ۱۶ مگابیت — یک‌ساله', 'ADSL 16 Mb — one year'), {
    days: 365,
    gigabytes: 1200,
    amountRial: 39_800_000,
  }),
  network('vdsl-40-6m', 'vdsl', text('VDSL ۴۰ مگابیت — شش‌ماهه', 'VDSL 40 Mb — six months'), {
    days: 180,
    gigabytes: 900,
    amountRial: 58_900_000,
  }),
  network('wireless-10-1m', 'wireless', text('وایرلس ۱۰ مگابیت — یک‌ماهه', 'Wireless 10 Mb — one month'), {
    days: 30,
    gigabytes: 80,
    amountRial: 3_450_000,
  }),
]

function network(
  id: string,
  technology: string,
  label: { fa: string; en: string },
  plan: { days: number; gigabytes: number; amountRial: number },
) {
  return {
    product: {
      id,
      code: id,
      kind: technology,
      labelFa: label.fa,
      labelEn: label.en,
      orderDefinition: technology === 'wireless' ? 'wireless-order' : 'adsl-order',
      characteristics: { group: id, technology, days: plan.days, gigabytes: plan.gigabytes },
    },
    amountRial: plan.amountRial,
  }
}

export const customers: CustomerInput[] = [
  person('maryam', 'arya', 'مریم احمدی', '0013542419', '+989121110001', 'maryam@example.com'),
  person('hossein', 'esfahan-agency', 'حسین یزدانی', '0067749828', '+989131110002', 'hossein@example.com'),
  person('leila', 'hq', 'لیلا حسینی', '0084575948', '+989171110003', 'leila@example.com'),
]

function person(
  id: string,
  partnerId: string,
  name: string,
  nationalId: string,
  mobile: string,
  email: string,
): CustomerInput {
  const contacts = [
    { id: `${id}-mobile`, kind: 'mobile' as const, value: mobile },
    { id: `${id}-email`, kind: 'email' as const, value: email },
  ]
  return { id, partnerId, kind: 'person', name, nationalId, contacts }
}

export interface DemoUser {
  id: string
  name: string
  partnerId?: string
  customerId?: string
  /** Where his one-time code goes. */
  mobile?: string
  roles: { role: string; reach: Reach; partnerId?: string; centreId?: string; cityId?: string }[]
}

const everywhere = (id: string, name: string, ...roles: string[]): DemoUser => ({
  id,
  name,
  roles: roles.map((role) => ({ role, reach: 'all' })),
})

export const users: DemoUser[] = [
  everywhere('admin', 'راهبر سامانه', 'admin'),
  everywhere('manager', 'مدیر عملیات', 'manager'),
  everywhere('sales', 'کارشناس فروش', 'sales'),
  everywhere('sales-lead', 'سرپرست فروش', 'sales-lead'),
  everywhere('support', 'کارشناس پشتیبانی', 'support'),
  everywhere('support-lead', 'سرپرست پشتیبانی', 'support-lead'),
  everywhere('accountant', 'حسابدار', 'accountant'),
  everywhere('accountant-lead', 'سرپرست مالی', 'accountant-lead'),
  everywhere('noc', 'کارشناس شبکه', 'noc'),
  everywhere('noc-lead', 'سرپرست شبکه', 'noc-lead'),
  everywhere('field-lead', 'سرپرست نصب', 'field-lead'),
  everywhere('technician', 'تکنسین نصب', 'technician'),
  everywhere('operator', 'راهبر فرایند', 'operator'),
  everywhere('designer', 'طراح فرایند', 'designer'),
  everywhere('designer-2', 'طراح فرایند (بازبین)', 'designer'),
  everywhere('auditor', 'حسابرس', 'auditor'),
  everywhere('employee', 'کارمند', 'employee'),
  everywhere('hr', 'منابع انسانی', 'hr'),
  {
    id: 'noc-esfahan',
    name: 'کارشناس شبکه اصفهان',
    roles: [{ role: 'noc', reach: 'centre', centreId: 'esfahan-markazi' }],
  },
  {
    id: 'tehran',
    name: 'نماینده تهران',
    partnerId: 'tehran-agency',
    roles: [{ role: 'reseller', reach: 'subtree', partnerId: 'tehran-agency' }],
  },
  {
    id: 'arya',
    name: 'نماینده آریا',
    partnerId: 'arya',
    roles: [{ role: 'reseller', reach: 'own', partnerId: 'arya' }],
  },
  {
    id: 'esfahan',
    name: 'نماینده اصفهان',
    partnerId: 'esfahan-agency',
    roles: [{ role: 'reseller', reach: 'subtree', partnerId: 'esfahan-agency' }],
  },
  {
    id: 'maryam',
    name: 'مریم احمدی',
    customerId: 'maryam',
    mobile: '+989121110001',
    roles: [{ role: 'customer', reach: 'own' }],
  },
]

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { Text } from '../domain/errors.ts'
import type { TaxAmount } from '../domain/invoice-line.ts'
import { formatJalali, jalaliDate, jalaliOfEpochDay } from '../domain/jalali.ts'
import { amountInPersianWords } from './amount-words.ts'
import { invoiceWords } from './invoice-words.ts'

/** A committed document as it is printed; instants are ISO, days `YYYY-MM-DD`, amounts whole Rials. */
export interface PrintedInvoice {
  kind: 'proforma' | 'invoice' | 'credit-note'
  number: string
  status: 'open' | 'paid' | 'void'
  issuedAt: string
  dueOn: string | null
  paidAt: string | null
  orderNumber: string | null
  buyer: { name: string; nationalId: string | null; reached: string[] }
  lines: {
    description: Text
    quantity: number
    unitRial: number
    listRial: number
    discountRial: number
    netRial: number
    taxes: TaxAmount[]
    taxRial: number
    totalRial: number
    periodStart: string | null
    periodEnd: string | null
  }[]
  netRial: number
  totalRial: number
  instalments: { part: number; dueOn: string; amountRial: number }[]
}

/** Who issues: the company's name, and lines below it (national id, address, telephone). */
export interface Seller {
  name: Text
  lines: Text[]
}

export type InvoicePrinter = ReturnType<typeof createInvoicePrinter>

/**
 * Prints documents as PDF with Typst in this process: some 10 ms each after the first. The document's words reach the template as data
 * and are never read as markup. Persian ones are right to left, with Jalali dates, Persian digits and the amount in words.
 */
export function createInvoicePrinter({ seller }: { seller: Seller }) {
  const fonts = createRequire(import.meta.url)
    .resolve('vazirmatn/package.json')
    .replace('package.json', 'fonts/ttf/')
  const fontBlobs = ['Regular', 'Medium', 'Bold'].map((weight) => readFileSync(`${fonts}Vazirmatn-${weight}.ttf`))
  const template = readFileSync(fileURLToPath(new URL('invoice.typ', import.meta.url)), 'utf8')
  let compiler: NodeCompiler | undefined
  return {
    print(invoice: PrintedInvoice, locale: 'fa' | 'en'): Buffer {
      compiler ??= NodeCompiler.create({ fontArgs: [{ fontBlobs }] })
      const data = JSON.stringify(contentOf(invoice, seller, locale))
      const pdf = compiler.pdf({ mainFileContent: template, inputs: { data } })
      compiler.evictCache(30)
      return pdf
    },
  }
}

/** All texts of the page, ready to be set. */
function contentOf(invoice: PrintedInvoice, seller: Seller, locale: 'fa' | 'en') {
  const words = invoiceWords[locale]
  const amount = (n: number) => digits(n.toLocaleString('en-US').replaceAll(',', locale === 'fa' ? '٬' : ','), locale)
  const money = (n: number) => `${amount(n)} ${words.currency}`
  const day = (date: string) => dayOf(date, locale)
  const at = (iso: string) => (locale === 'fa' ? dateText(formatJalali(jalaliDate(Date.parse(iso)))) : day(tehran(iso)))
  const { lines, kind, buyer, number } = invoice
  const sum = (of: (line: PrintedInvoice['lines'][number]) => number) =>
    lines.reduce((total, line) => total + of(line), 0)
  const facts: [string, string | null][] = [
    [words.facts.number, number],
    [words.facts.issued, at(invoice.issuedAt)],
    [words.facts.due, invoice.dueOn === null || kind === 'credit-note' ? null : day(invoice.dueOn)],
    [words.facts.paid, invoice.paidAt === null ? null : at(invoice.paidAt)],
    [words.facts.order, invoice.orderNumber],
  ]
  const discount = sum((line) => line.discountRial)
  const name = seller.name[locale]
  return {
    locale,
    title: words.titles[kind],
    number,
    status: { tone: invoice.status, text: words.status[invoice.status] },
    seller: { name, lines: seller.lines.map((line) => digits(line[locale], locale)) },
    labels: {
      buyer: words.buyer,
      words: words.words,
      total: kind === 'credit-note' ? words.returned : words.total,
      instalments: words.instalments,
    },
    buyer: {
      name: buyer.name,
      lines: [
        ...(buyer.nationalId === null ? [] : [`${words.nationalId} ${apart(digits(buyer.nationalId, locale))}`]),
        ...buyer.reached.map((value) => apart(digits(value, locale))),
      ],
    },
    facts: facts.flatMap(([label, value]) => (value === null ? [] : [[label, apart(value)]])),
    columns: words.columns,
    lines: lines.map((line, i) => ({
      n: amount(i + 1),
      description: line.description[locale],
      note:
        line.periodStart === null || line.periodEnd === null
          ? ''
          : words.period.replace('{from}', day(line.periodStart)).replace('{to}', day(line.periodEnd)),
      quantity: amount(line.quantity),
      unit: amount(line.unitRial),
      discount: amount(line.discountRial),
      tax: amount(line.taxRial),
      total: amount(line.totalRial),
    })),
    words: locale === 'fa' ? `${amountInPersianWords(invoice.totalRial)} ریال` : '',
    notes: [words.note],
    sums: [
      [words.list, money(sum((line) => line.listRial))],
      ...(discount === 0
        ? []
        : [
            [words.discount, money(discount)],
            [words.net, money(invoice.netRial)],
          ]),
      ...taxSums(lines).map(([tax, total]) => [
        `${words.taxes[tax.code] ?? tax.code} ${digits(rateText(tax), locale)}${locale === 'fa' ? '٪' : '%'}`,
        money(total),
      ]),
    ],
    total: money(invoice.totalRial),
    instalments: invoice.instalments.map(({ part, dueOn, amountRial }) => [
      amount(part),
      day(dueOn),
      money(amountRial),
    ]),
    footer: `${name} · ${apart(number)}`,
    pages: Array.from({ length: 50 }, (_, i) => words.page.replace('{n}', amount(i + 1))),
  }
}

/** Taxes of all lines by code and rate. */
function taxSums(lines: PrintedInvoice['lines']): [TaxAmount, number][] {
  const sums = new Map<string, [TaxAmount, number]>()
  for (const tax of lines.flatMap(({ taxes }) => taxes)) {
    const key = `${tax.code} ${tax.numerator}/${tax.denominator}`
    sums.set(key, [tax, (sums.get(key)?.[1] ?? 0) + tax.amountRial])
  }
  return [...sums.values()]
}

const rateText = ({ numerator, denominator }: TaxAmount) => String((numerator * 100) / denominator)

const digits = (text: string, locale: 'fa' | 'en') =>
  locale === 'fa' ? text.replace(/\d/g, (d) => '۰۱۲۳۴۵۶۷۸۹'[Number(d)] ?? d) : text

/** An identifier keeps its own direction whatever stands beside it. */
const apart = (text: string) => `\u2066${text}\u2069`

const dateText = (date: string) => digits(date.replaceAll('-', '/'), 'fa')

function dayOf(date: string, locale: 'fa' | 'en'): string {
  return locale === 'fa'
    ? dateText(formatJalali(jalaliOfEpochDay(Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000))))
    : date
}

const tehran = (iso: string) => new Date(Date.parse(iso) + 12_600_000).toISOString().slice(0, 10)

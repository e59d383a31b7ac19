import { describe, expect, test } from '@jest/globals'
import { amountInPersianWords } from './amount-words.ts'
import { createInvoicePrinter, type PrintedInvoice } from './invoice-pdf.ts'

const seller = {
  name: { fa: 'سمفونی نت', en: 'Samfony Net' },
  lines: [{ fa: 'تلفن 021-88000000', en: 'Tel. 021-88000000' }],
}
const vat = { code: 'vat', numerator: 10, denominator: 100, compound: false, baseRial: 1_791_000, amountRial: 179_100 }
const line: PrintedInvoice['lines'][number] = {
  description: { fa: 'ADSL ۸ مگابیت', en: 'ADSL 8 Mb' },
  quantity: 1,
  unitRial: 1_990_000,
  listRial: 1_990_000,
  discountRial: 199_000,
  netRial: 1_791_000,
  taxes: [vat] as PrintedInvoice['lines'][number]['taxes'],
  taxRial: 179_100,
  totalRial: 1_970_100,
  periodStart: '2026-11-24',
  periodEnd: '2026-12-24',
}
const invoice: PrintedInvoice = {
  kind: 'invoice',
  number: 'I-1405-000017',
  status: 'paid',
  issuedAt: '2026-11-24T08:00:00.000Z',
  dueOn: '2026-12-04',
  paidAt: '2026-11-24T08:00:00.000Z',
  orderNumber: '1405-000001',
  buyer: { name: 'مریم احمدی', nationalId: '0013542419', reached: ['+989121110001'] },
  lines: [line],
  netRial: 1_791_000,
  totalRial: 1_970_100,
  instalments: [],
}

describe('printed documents', () => {
  const printer = createInvoicePrinter({ seller })
  test.each(['fa', 'en'] as const)('a document is one PDF page in %s', (locale) => {
    const pdf = printer.print(invoice, locale)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pagesOf(pdf)).toBe(1)
  })
  test('80 lines go over several pages, each with its header', () => {
    expect(pagesOf(printer.print({ ...invoice, lines: Array.from({ length: 80 }, () => line) }, 'fa'))).toBeGreaterThan(
      2,
    )
  })
  test('names are data: what looks like markup is set as it stands', () => {
    const hostile = '#panic("x") $x$ *b* `c` @ref <label> \\u{41} "]'
    const buyer = { ...invoice.buyer, name: hostile }
    expect(
      printer.print({ ...invoice, buyer, lines: [{ ...line, description: { fa: hostile, en: hostile } }] }, 'fa')
        .length,
    ).toBeGreaterThan(1_000)
  })
})

test.each([
  [0, 'صفر'],
  [21, 'بیست و یک'],
  [100, 'صد'],
  [2_520_100, 'دو میلیون و پانصد و بیست هزار و صد'],
  [1_000_000_000, 'یک میلیارد'],
  [39_800_015, 'سی و نه میلیون و هشتصد هزار و پانزده'],
])('%i in words', (amount, words) => {
  expect(amountInPersianWords(amount)).toBe(words)
})

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length

import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expect as see } from '@playwright/test'
import { signIn, until } from '../../dev/story.ts'
import { startFullWorld } from '../../tests/full-world.ts'
import { openPanel } from './panel.ts'

const executable = process.env['SAMFONY_TEST_CHROMIUM'] ?? ''
const described = executable === '' ? describe.skip : describe
const slow = { timeout: 30_000 }

described('the panel in Chromium', () => {
  let world: Awaited<ReturnType<typeof startFullWorld>>
  let panel: Awaited<ReturnType<typeof openPanel>>
  let arya: Awaited<ReturnType<typeof signIn>>
  let orderId = ''

  beforeAll(async () => {
    world = await startFullWorld()
    panel = await openPanel(world.address, executable)
    arya = await signIn(world.address, 'arya')
    orderId = await order()
  })
  afterAll(async () => {
    await panel?.close()
    await world?.close()
  })

  /** An ADSL order of Maryam's that waits for its payment. */
  async function order(): Promise<string> {
    const { id } = await arya.post<{ id: string }>('/v1/orders', {
      definition: 'adsl-order',
      customerId: 'maryam',
      productId: 'adsl-8-1m',
      phone: `0218800${String(Math.floor(Math.random() * 9_000) + 1_000)}`,
    })
    await until('the order to wait for payment', async () => {
      const { states } = await arya.get<{ states: { id: string }[] }>(`/v1/orders/${id}`)
      return states.some(({ id: state }) => state === 'presale.awaitingPayment') || undefined
    })
    return id
  }

  test('who signs in with the right password sees the map; a wrong one is told', async () => {
    const { page, context } = await panel.as(null)
    await page.goto('/')
    await page.getByLabel('نام کاربری').fill('manager')
    await page.locator('input[name=password]').fill('not it')
    await page.getByRole('button', { name: 'ورود' }).click()
    await see(page.getByRole('alert')).toContainText('درست نیست', slow)
    await page.locator('input[name=password]').fill('samfony-demo')
    await page.getByRole('button', { name: 'ورود' }).click()
    await see(page.getByRole('heading', { name: 'نقشهٔ وضعیت‌ها' })).toBeVisible(slow)
    // The session is out of the page's reach.
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await context.close()
  })

  test('a state of the map opens its orders, and the count moves within two seconds of a transition', async () => {
    const { page, context } = await panel.as('manager')
    await page.goto('/map/adsl-order')
    const state = page.locator('[data-state="presale.awaitingPayment"]')
    await see(state).toContainText('۱', slow)
    await state.click()
    await see(page).toHaveURL(/state=presale\.awaitingPayment/)
    await see(page.locator('tr[data-key]')).toHaveCount(1, slow)
    await see(page.getByText('زنده')).toBeVisible(slow)
    await order()
    await see(state).toContainText('۲', { timeout: 2_000 })
    await see(page.locator('tr[data-key]')).toHaveCount(2, { timeout: 2_000 })
    await context.close()
  })

  test('the order page offers what the role may and says why not the rest; two people see each other', async () => {
    const [sales, reseller] = await Promise.all([panel.as('manager'), panel.as('arya', { lang: 'en' })])
    await Promise.all([sales.page.goto(`/orders/${orderId}`), reseller.page.goto(`/orders/${orderId}`)])
    await see(sales.page.locator('header [data-state="presale.awaitingPayment"]')).toBeVisible(slow)
    const credit = reseller.page.locator('[data-event="PAY_FROM_CREDIT"]')
    await see(credit).toBeVisible(slow)
    await see(sales.page.locator('[data-event="PAY_FROM_CREDIT"]')).toHaveAttribute('aria-disabled', 'true')
    await credit.click()
    await reseller.page.getByRole('dialog').getByRole('button').last().click()
    await see(sales.page.locator('header [data-state="presale.awaitingPayment"]')).toHaveCount(0, slow)
    await see(reseller.page.locator('header [data-state="presale.awaitingPayment"]')).toHaveCount(0, slow)
    await Promise.all([sales.context.close(), reseller.context.close()])
  })

  test('a form is made from the schema, and what is missing is said beside the field', async () => {
    const id = await order()
    const { page, context } = await panel.as('arya')
    await page.goto(`/orders/${id}`)
    await page.locator('[data-event="SUBMIT_SLIP"]').click(slow)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button').last().click()
    await see(dialog.getByText('این مقدار را بررسی کنید').first()).toBeVisible()
    await context.close()
  })

  test('a document of money shows what was sold line by line, and opens as PDF', async () => {
    const { page, context } = await panel.as('manager')
    const manager = await signIn(world.address, 'manager')
    const { invoices } = await manager.get<{ invoices: { id: string }[] }>(`/v1/invoices?order=${orderId}`)
    await page.goto(`/invoices/${invoices[0]?.id}`)
    const lines = page.getByRole('table', { name: 'اقلام' }).locator('tbody tr')
    await see(lines).toHaveCount(1, slow)
    await see(lines).toContainText('ADSL ۸ مگابیت')
    await see(lines.getByRole('cell').last()).toHaveText('۲۱۸٬۹۰۰')
    const pdf = await context.request.get(
      (await page.getByRole('link', { name: 'دریافت PDF' }).getAttribute('href')) ?? '',
    )
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    await context.close()
  })

  test('Ctrl-K finds a customer by name, in either keyboard', async () => {
    const { page, context } = await panel.as('manager')
    await page.goto('/customers')
    await see(page.locator('tr[data-key]').first()).toBeVisible(slow)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('textbox').fill('مريم')
    await see(page.getByRole('dialog').getByText('مریم احمدی', { exact: true }).first()).toBeVisible(slow)
    await context.close()
  })

  test('a customer sees his own services and no menu of the company', async () => {
    const { page, context } = await panel.as('maryam')
    await page.goto('/')
    await see(page.getByRole('heading', { name: 'مریم احمدی' })).toBeVisible(slow)
    await see(page.getByRole('link', { name: 'مشتریان' })).toHaveCount(0)
    await page.goto('/users')
    await see(page.getByText('چنین صفحه‌ای نیست')).toBeVisible(slow)
    await context.close()
  })

  test.each([
    ['fa', 'light'],
    ['en', 'dark'],
  ] as const)('axe finds no fault on map, order and list in %s, %s', async (lang, scheme) => {
    const { page, context } = await panel.as('manager', { lang, scheme })
    for (const path of ['/map/adsl-order', `/orders/${orderId}`, '/customers']) {
      await page.goto(path)
      await see(page.getByRole('heading', { level: 1 })).toBeVisible(slow)
      await see(page.locator('[aria-busy=true]')).toHaveCount(0, slow)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(
        violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
      ).toEqual([])
    }
    await context.close()
  })

  test('a phone shows the states as a list and the orders as cards', async () => {
    const { page, context } = await panel.as('manager', { width: 390, height: 844 })
    await page.goto('/map/adsl-order')
    await see(page.locator('button[data-state="presale.awaitingPayment"]')).toBeVisible(slow)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await context.close()
  })

  test('no page broke, and none was stopped by the content security policy', () => expect(panel.faults).toEqual([]))
})

import { mkdirSync } from 'node:fs'
import { findChromium } from '../../dev/chromium.ts'
import { runningAddress } from '../../dev/running.ts'
import { signIn, until } from '../../dev/story.ts'
import { openPanel, type View } from './panel.ts'

/** `npm run pictures`: the main screens of a running `npm start`, as the README and the docs show them. */
const folder = 'docs/pictures'
const phone: View = { width: 390, height: 844 }

const address = runningAddress()
const executable = await findChromium()
if (executable === '') process.exit(1)
const waiting = await waitingOrder()
mkdirSync(folder, { recursive: true })
const panel = await openPanel(address, executable)
await shoot('map', 'manager', '/map/adsl-order')
await shoot('order', 'arya', `/orders/${waiting}`)
await shoot('designer', 'designer', '/designer/adsl-order', { lang: 'en', scheme: 'dark' })
await shoot('customer', 'manager', '/customers/maryam', { lang: 'en' })
await shoot('self-care-phone', 'maryam', '/', phone)
await panel.close()

/** An order of Maryam's that waits for its payment: there is something to press. */
async function waitingOrder(): Promise<string> {
  const arya = await signIn(address, 'arya')
  const { id } = await arya.post<{ id: string }>('/v1/orders', {
    definition: 'adsl-order',
    customerId: 'maryam',
    productId: 'adsl-8-1m',
    phone: `0218800${String(Date.now()).slice(-4)}`,
  })
  await until('the order to wait for payment', async () => {
    const { states } = await arya.get<{ states: { id: string }[] }>(`/v1/orders/${id}`)
    return states.some((state) => state.id === 'presale.awaitingPayment') || undefined
  })
  return id
}

async function shoot(name: string, who: string, path: string, view: View = {}): Promise<void> {
  const { page, context } = await panel.as(who, view)
  await page.goto(path)
  await page.getByRole('heading').first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  // Drawings are laid out after the texts; a picture waits until two looks are alike.
  let before = Buffer.alloc(0)
  for (let look = await page.screenshot(); !look.equals(before); look = await page.screenshot()) {
    before = look
    await page.waitForTimeout(700)
  }
  await page.screenshot({ path: `${folder}/${name}.png` })
  process.stdout.write(`${folder}/${name}.png\n`)
  await context.close()
}

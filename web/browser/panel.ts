import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const demoPassword = 'samfony-demo'
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
]

export interface View {
  lang?: 'fa' | 'en'
  scheme?: 'light' | 'dark'
  width?: number
  height?: number
}

/** The panel in a real Chromium. Faults that the page reports are kept: a test ends with none. */
export async function openPanel(address: string, executablePath: string) {
  const browser: Browser = await chromium.launch({ executablePath, args: flags })
  const faults: string[] = []

  /** A browser of one person, signed in unless `username` is null. */
  async function as(username: string | null, view: View = {}): Promise<{ page: Page; context: BrowserContext }> {
    const { lang = 'fa', scheme = 'light', width = 1_366, height = 900 } = view
    const context = await browser.newContext({
      baseURL: address,
      locale: 'fa-IR',
      timezoneId: 'Asia/Tehran',
      colorScheme: scheme,
      viewport: { width, height },
    })
    await context.addInitScript((wish) => {
      if (localStorage.getItem('samfony.preferences') === null) localStorage.setItem('samfony.preferences', wish)
    }, JSON.stringify({ lang }))
    if (username !== null) {
      const answer = await context.request.post('/v1/session', { data: { username, password: demoPassword } })
      if (!answer.ok()) throw new Error(`${username} was not let in: ${answer.status()}`)
    }
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text())
    })
    return { page, context }
  }

  return { as, faults, close: () => browser.close() }
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const downloadMs = 180_000

/**
 * A Chromium for the tests: the system's, else Playwright's, downloaded when it can be had. Answers '' and says so when there is
 * none; with `BROWSER_TESTS=required` that is an Error instead, so that nobody takes skipped tests for passed ones.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folders = (env['PATH'] ?? '').split(delimiter)
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
  if (found !== undefined) return found
  if (!existsSync(chromium.executablePath())) await download()
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  const word = 'No Chromium: install one (apt-get install chromium) to run the tests of the panel.'
  if (env['BROWSER_TESTS'] === 'required') throw new Error(word)
  process.stderr.write(`${word} They are skipped.\n`)
  return ''
}

async function download(): Promise<void> {
  const program = ['node_modules/playwright-core/cli.js', 'install', 'chromium']
  await promisify(execFile)(process.execPath, program, { timeout: downloadMs }).catch(() => undefined)
}

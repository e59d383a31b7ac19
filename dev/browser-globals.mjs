import { tsImport } from 'tsx/esm/api'
import setupStack from './test-globals.mjs'

/** What the project `browser` needs: the world of `stack`, the built panel, and a Chromium. */
export default async function setup() {
  const { findChromium } = await tsImport('./chromium.ts', import.meta.url)
  process.env.SAMFONY_TEST_CHROMIUM = await findChromium()
  if (process.env.SAMFONY_TEST_CHROMIUM === '') return
  const { buildWeb } = await tsImport('./web.ts', import.meta.url)
  await buildWeb()
  await setupStack()
}

import { readFileSync } from 'node:fs'
import { tellAdslStory } from './story.ts'

/** `npm run demo`: tells the story of an ADSL order against a running `npm start`, and ends with exit code 1 when it goes wrong. */
const address = process.env['SAMFONY_URL'] ?? `http://127.0.0.1:${rememberedPort()}`
const say = (line: string) => process.stdout.write(`${line}\n`)

function rememberedPort(): number {
  try {
    return (JSON.parse(readFileSync('.samfony/ports.json', 'utf8')) as { api: number }).api
  } catch {
    return 8080
  }
}

try {
  say(`Samfony at ${address}\n`)
  await tellAdslStory(address, say)
} catch (error) {
  process.stderr.write(`\nThe story went wrong: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

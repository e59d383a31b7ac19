import { readFileSync } from 'node:fs'

/** Address of the product that runs: SAMFONY_URL, else where the last `npm start` in this folder listens. */
export function runningAddress(): string {
  return process.env['SAMFONY_URL'] ?? `http://127.0.0.1:${rememberedPort()}`
}

function rememberedPort(): number {
  try {
    return (JSON.parse(readFileSync('.samfony/ports.json', 'utf8')) as { api: number }).api
  } catch {
    return 8080
  }
}

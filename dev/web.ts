import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const out = resolve('dist/web')
const stamp = join(out, '.sources')
/** What the bundle is made from: the room itself, what it imports of others, and the packages. */
const sources = ['web', 'domain', 'definitions', 'package-lock.json', 'api/permissions.ts']

/** Builds the web application into `dist/web` when its sources changed since, and answers the folder. Takes seconds, or nothing. */
export async function buildWeb(): Promise<string> {
  const wanted = hashOf(sources)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return out
  const { build } = await import('vite')
  await build({ configFile: resolve('web/vite.config.ts'), mode: 'production' })
  for (const file of filesIn(out)) compress(file)
  writeFileSync(stamp, wanted)
  return out
}

function compress(file: string): void {
  if (!['.js', '.css', '.svg', '.webmanifest'].includes(extname(file))) return
  const content = readFileSync(file)
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
}

function hashOf(paths: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesIn)) hash.update(path).update(readFileSync(path))
  return hash.digest('hex')
}

function filesIn(path: string): string[] {
  if (extname(path) !== '') return [path]
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWorkflows } from './bundle.ts'
import { buildWeb } from './web.ts'

/** Files that the compiled code reads beside itself; the compiler copies only what is imported. */
const assets = ['db/migrations', 'definitions', 'rules/sets', 'templates']

/** `npm run build`: compiled JavaScript, what it reads, the web application and the workflow bundle, all in `dist/`. */
rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
for (const folder of assets) {
  cpSync(folder, join('dist', folder), { recursive: true, filter: (file) => !file.endsWith('.ts') })
}
await buildWeb()
console.log(await bundleWorkflows('dist/workflow-bundle.js'))

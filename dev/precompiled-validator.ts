import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import type { Plugin } from 'vite'

/**
 * Puts ajv's ready-made code in the place of definitions/check/shape-validator.ts, so that the same checks run in a browser whose
 * security policy forbids making code at run time.
 */
export function precompiledValidator(): Plugin {
  return {
    name: 'precompiled-validator',
    enforce: 'pre',
    load: (id) =>
      id.split('?')[0]?.endsWith('/definitions/check/shape-validator.ts') === true ? validatorCode() : null,
  }
}

/** A CommonJS package: its function is the default export for one reader and lies inside it for another. */
const write = ('default' in standalone ? standalone.default : standalone) as unknown as (
  ajv: Ajv2020,
  validate: unknown,
) => string

function validatorCode(): string {
  const file = new URL('../definitions/process-v1.schema.json', import.meta.url)
  const ajv = new Ajv2020({ allErrors: true, strict: false, code: { source: true, esm: true } })
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)
  // The code asks for its helpers in the old manner, which a browser does not know.
  const helpers: string[] = []
  const code = write(ajv, validate).replace(/require\("(ajv\/[\w/]+)"\)\.default/g, (_, path: string) => {
    helpers.push(`import h${helpers.length} from '${path}.js'`)
    const name = `h${helpers.length - 1}`
    return `(typeof ${name} === 'function' ? ${name} : ${name}.default)`
  })
  return `${helpers.join('\n')}\n${code}`
}

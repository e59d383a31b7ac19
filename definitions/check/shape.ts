import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Json } from '../../domain/json.ts'
import { error, type Finding } from './finding.ts'
import { at } from './place.ts'
import { validate } from './shape-validator.ts'

const maxFindings = 20

/** E01, and E32 for a path that is more than dotted names: whether the document has the form of process-v1.schema.json. */
export function shapeFindings(value: Json): Finding[] {
  if (validate(value)) return []
  const errors = validate.errors ?? []
  const shown = new Map<string, Finding>()
  for (const one of told(errors)) {
    const finding = findingOf(one)
    shown.set(`${finding.path} ${finding.message.en}`, finding)
  }
  return [...shown.values()].slice(0, maxFindings)
}

/** Of a union that nothing fits, only the branches that come close are told; the others would bury the reason. */
function told(errors: ErrorObject[]): ErrorObject[] {
  const silenced = new Set<ErrorObject>()
  for (const union of errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')) {
    const place = union.instancePath
    const branches = new Map<string, ErrorObject[]>()
    for (const one of errors) {
      if (one.instancePath !== place && parentOf(one.instancePath) !== place) continue
      if (!one.schemaPath.startsWith(`${union.schemaPath}/`)) continue
      const branch = one.schemaPath.slice(union.schemaPath.length + 1).split('/')[0] ?? ''
      branches.set(branch, [...(branches.get(branch) ?? []), one])
    }
    const far = [...branches.values()].filter((list) => list.some((one) => isFar(one, place)))
    for (const list of far) for (const one of list) silenced.add(one)
    if (far.length < branches.size) silenced.add(union)
  }
  const left = errors.filter((one) => !silenced.has(one) && one.keyword !== 'if')
  return left.length > 0 ? left : errors.slice(0, 1)
}

const parentOf = (place: string) => place.slice(0, place.lastIndexOf('/'))

/** A branch is far when its own discriminator fails: a required key or a constant. */
const isFar = ({ instancePath, keyword }: ErrorObject, place: string) =>
  keyword === 'const' || (instancePath === place && keyword !== 'additionalProperties')

function findingOf({ instancePath, keyword, params, message = '', schemaPath, propertyName }: ErrorObject): Finding {
  const segments = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const path = at('$', ...segments)
  const extra = params as Record<string, unknown>
  if (keyword === 'additionalProperties') {
    const key = String(extra['additionalProperty'])
    return error('E01', at(path, key), { en: `unknown key ${key}`, fa: `کلید ناشناخته: ${key}` })
  }
  if (keyword === 'required') {
    const key = String(extra['missingProperty'])
    return error('E01', path, { en: `${key} is missing`, fa: `${key} داده نشده است` })
  }
  if (keyword === 'enum') {
    const values = (extra['allowedValues'] as unknown[]).join(' | ')
    return error('E01', path, { en: `must be one of ${values}`, fa: `باید یکی از این‌ها باشد: ${values}` })
  }
  if (keyword === 'pattern' && schemaPath.includes('/$defs/path/'))
    return error('E32', path, {
      en: 'a path holds dotted names only ($.a.b)',
      fa: 'مسیر تنها از نام‌های نقطه‌دار ساخته می‌شود ($.a.b)',
    })
  const name = propertyName === undefined ? '' : `${propertyName}: `
  return error('E01', path, { en: `${name}${message}`, fa: `${name}با قالب نمی‌خواند (${keyword})` })
}

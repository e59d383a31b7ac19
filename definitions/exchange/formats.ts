import type { Json } from '../../domain/json.ts'
import { canonicalText } from '../canonical.ts'
import { parseDefinition } from '../check/index.ts'
import { readJson } from '../check/read.ts'
import { drawMermaid } from '../draw.ts'
import type { Definition } from '../format.ts'
import { notImportable } from './refusal.ts'
import { exportScxml } from './scxml-export.ts'
import { importScxml } from './scxml-import.ts'
import { drawSvg } from './svg.ts'
import { exportXState } from './xstate-export.ts'
import { importXState } from './xstate-import.ts'

/** Formats of one text; `transition-table` has the tables. */
export const textFormats = ['json', 'xstate', 'scxml', 'mermaid', 'svg'] as const
export type TextFormat = (typeof textFormats)[number]
export const importFormats = ['json', 'xstate', 'scxml'] as const
export type ImportFormat = (typeof importFormats)[number]

export const mediaTypes: Record<TextFormat, string> = {
  json: 'application/json; charset=utf-8',
  xstate: 'application/json; charset=utf-8',
  scxml: 'application/scxml+xml; charset=utf-8',
  mermaid: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}

/** A definition in a format; pictures have their words in one language. `json` is canonical: keys in order, so that two texts are equal when they mean the same. */
export async function exportDefinition(
  definition: Definition,
  format: TextFormat,
  locale: 'fa' | 'en',
): Promise<string> {
  switch (format) {
    case 'json':
      return pretty(JSON.parse(canonicalText(definition as unknown as Json)) as Json)
    case 'xstate':
      return pretty(exportXState(definition))
    case 'scxml':
      return exportScxml(definition)
    case 'mermaid':
      return `${drawMermaid(definition, locale)}\n`
    case 'svg':
      return drawSvg(definition, locale)
    default:
      return format satisfies never
  }
}

/** A definition from a text; what it lacks is for the lint to say. Ends in DomainError `NotImportable` or `BadDefinition` with place and reason. */
export function importDefinition(text: string, format: ImportFormat): Definition {
  if (format === 'json') return parseDefinition(text)
  if (format === 'scxml') return importScxml(text)
  const reading = readJson(text)
  const [fault] = reading.ok ? [] : reading.findings
  if (!reading.ok) throw notImportable(fault?.path ?? '$', fault?.message ?? { fa: 'JSON نیست', en: 'no JSON' })
  return importXState(reading.value)
}

const pretty = (value: Json) => `${JSON.stringify(value, null, 2)}\n`

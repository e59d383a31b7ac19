import type { TopLevelCondition } from 'json-rules-engine'
import { parseDecimal } from '../domain/currency.ts'
import type { Stacking } from '../domain/discounts.ts'
import { DomainError, type Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import { inWindow, type TimeWindow } from '../domain/window.ts'
import type { DimensionEntry } from './dimensions.ts'
import { operators } from './operators.ts'

/** What a price rule does (BR1, BR4, BR5). Percentages are decimal texts, exact: `7.5`. */
export type Effect =
  | { type: 'discount'; params: { stacking: Stacking } & ({ percent: string } | { amountRial: number }) }
  | { type: 'addOn'; params: { productId: string; quantity: number; free: boolean } }
  | { type: 'commission'; params: { percent: string } }
  | { type: 'reject'; params: { reason: Text } }
  | { type: 'terminal'; params: { gateways: string[] } }
  | { type: 'upgrade'; params: { allow: boolean } }

/** A rule in json-rules-engine's own JSON, whose facts are dimensions. */
export interface PriceRule {
  name: string
  priority: number
  conditions: TopLevelCondition
  event: Effect
}

/** One condition of a rule. */
export interface Atom {
  fact: string
  operator: string
  value: Json
}

/** Conditions as a tree of own words. */
export type Conditions = { all: Conditions[] } | { any: Conditions[] } | { not: Conditions } | Atom

const maxDepth = 8
const maxAtoms = 200

/**
 * Reads stored JSON as price rules. Ends in DomainError `BadRule` with the place: a name that is missing or twice, a dimension or an
 * operator that is not there, a value that does not fit, an effect that is none.
 */
export function readRules(json: readonly Json[], dimensions: Record<string, DimensionEntry>): PriceRule[] {
  const names = new Set<string>()
  return json.map((one, i) => {
    const place = `$.rules[${i}]`
    const rule = objectOf(one, place)
    const name = rule['name']
    if (typeof name !== 'string' || name === '' || name.length > 100)
      throw badRule(`${place}.name`, 'a rule has a name', 'قاعده نام می‌خواهد')
    if (names.has(name)) throw badRule(`${place}.name`, `${name} is there twice`, `نام ${name} تکراری است`)
    names.add(name)
    const priority = rule['priority'] ?? 1
    if (!isInteger(priority) || priority < 1 || priority > 1_000_000)
      throw badRule(`${place}.priority`, 'a priority is a whole number from 1 on', 'اولویت عدد صحیح از ۱ است')
    const count = { atoms: 0 }
    const conditions = readConditions(rule['conditions'], `${place}.conditions`, dimensions, 0, count)
    return {
      name,
      priority,
      conditions: conditions as TopLevelCondition,
      event: readEffect(rule['event'], `${place}.event`),
    }
  })
}

function readConditions(
  json: Json | undefined,
  place: string,
  dimensions: Record<string, DimensionEntry>,
  depth: number,
  count: { atoms: number },
): Conditions {
  const node = objectOf(json, place)
  if (depth > maxDepth) throw badRule(place, `deeper than ${maxDepth}`, 'شرط بیش از حد تودرتو است')
  for (const word of ['all', 'any'] as const) {
    const parts = node[word]
    if (parts === undefined) continue
    if (!Array.isArray(parts) || parts.length > 50 || ((depth > 0 || word === 'any') && parts.length === 0))
      throw badRule(`${place}.${word}`, 'is a list of conditions', 'فهرستی از شرط‌ها است')
    const read = parts.map((part, i) => readConditions(part, `${place}.${word}[${i}]`, dimensions, depth + 1, count))
    return word === 'all' ? { all: read } : { any: read }
  }
  if (node['not'] !== undefined)
    return { not: readConditions(node['not'], `${place}.not`, dimensions, depth + 1, count) }
  if (depth === 0) throw badRule(place, 'begins with all, any or not', 'با all یا any یا not آغاز می‌شود')
  count.atoms += 1
  if (count.atoms > maxAtoms) throw badRule(place, `more than ${maxAtoms} conditions`, 'شمار شرط‌ها زیاد است')
  return readAtom(node, place, dimensions)
}

function readAtom(node: { [key: string]: Json }, place: string, dimensions: Record<string, DimensionEntry>): Atom {
  const { fact, operator, value, ...rest } = node
  const extra = Object.keys(rest)[0]
  if (extra !== undefined) throw badRule(`${place}.${extra}`, 'is no word of a condition', 'جزء شرط نیست')
  const dimension = typeof fact === 'string' && Object.hasOwn(dimensions, fact) ? dimensions[fact] : undefined
  if (typeof fact !== 'string' || dimension === undefined)
    throw badRule(`${place}.fact`, `there is no dimension ${word(fact)}`, `بُعد ${word(fact)} تعریف نشده است`)
  if (typeof operator !== 'string' || !Object.hasOwn(operators, operator))
    throw badRule(`${place}.operator`, `there is no operator ${word(operator)}`, 'چنین عملگری نیست')
  const fits: Record<DimensionEntry['type'], RegExp> = {
    text: /^(equal|notEqual|in|notIn)$/,
    number: /^(equal|notEqual|in|notIn|lessThan|greaterThan)/,
    list: /^(contains|doesNotContain)$/,
    time: /^(inWindow|notInWindow|lessThan|greaterThan)/,
  }
  if (!fits[dimension.type].test(operator))
    throw badRule(`${place}.operator`, `${operator} does not fit ${fact}`, `${operator} با ${fact} جور نیست`)
  if (/window/i.test(operator)) {
    try {
      inWindow(0, objectOf(value, `${place}.value`) as unknown as TimeWindow)
    } catch (error) {
      if (error instanceof DomainError) throw badRule(`${place}.value`, error.text.en, error.text.fa)
      throw error
    }
  } else if (!valueFits(value, operator, dimension.type))
    throw badRule(`${place}.value`, `does not fit ${fact}`, `با ${fact} جور نیست`)
  return { fact, operator, value: value ?? null }
}

function valueFits(value: Json | undefined, operator: string, type: DimensionEntry['type']): boolean {
  const one = (v: Json | undefined) =>
    type === 'number' || type === 'time' ? isInteger(v) : v === null || typeof v === 'string' || typeof v === 'boolean'
  if (operator === 'in' || operator === 'notIn')
    return Array.isArray(value) && value.length > 0 && value.length <= 1000 && value.every(one)
  return one(value)
}

function readEffect(json: Json | undefined, place: string): Effect {
  const event = objectOf(json, place)
  const params = objectOf(event['params'] ?? {}, `${place}.params`)
  const at = (name: string) => `${place}.params.${name}`
  switch (event['type']) {
    case 'discount': {
      const { stacking, percent, amountRial } = params
      if (stacking !== 'exclusive' && stacking !== 'additive' && stacking !== 'sequential')
        throw badRule(at('stacking'), 'is exclusive, additive or sequential', 'exclusive یا additive یا sequential است')
      if (amountRial === undefined)
        return { type: 'discount', params: { stacking, percent: percentOf(percent, at('percent')) } }
      if (!isInteger(amountRial) || amountRial < 0 || percent !== undefined)
        throw badRule(at('amountRial'), 'is a whole amount of Rial, without a percent', 'مبلغ صحیح ریالی است')
      return { type: 'discount', params: { stacking, amountRial } }
    }
    case 'addOn': {
      const { productId, quantity = 1, free = false } = params
      if (typeof productId !== 'string') throw badRule(at('productId'), 'names a product', 'محصول را نام می‌برد')
      if (!isInteger(quantity) || quantity < 1 || quantity > 1000 || typeof free !== 'boolean')
        throw badRule(at('quantity'), 'is a whole number from 1 to 1000', 'عدد صحیح از ۱ تا ۱۰۰۰ است')
      return { type: 'addOn', params: { productId, quantity, free } }
    }
    case 'commission':
      return { type: 'commission', params: { percent: percentOf(params['percent'], at('percent')) } }
    case 'reject': {
      const reason = objectOf(params['reason'], at('reason'))
      const { fa, en } = reason
      if (typeof fa !== 'string' || typeof en !== 'string' || fa === '' || en === '')
        throw badRule(at('reason'), 'says why, in Persian and English', 'دلیل را به فارسی و انگلیسی می‌گوید')
      return { type: 'reject', params: { reason: { fa, en } } }
    }
    case 'terminal': {
      const { gateways } = params
      if (!Array.isArray(gateways) || gateways.length === 0 || gateways.length > 20 || !gateways.every(isText))
        throw badRule(at('gateways'), 'is a list of gateways', 'فهرست درگاه‌ها است')
      return { type: 'terminal', params: { gateways } }
    }
    case 'upgrade': {
      const { allow } = params
      if (typeof allow !== 'boolean') throw badRule(at('allow'), 'is true or false', 'true یا false است')
      return { type: 'upgrade', params: { allow } }
    }
    default:
      throw badRule(`${place}.type`, 'is no effect of a rule', 'اثر شناخته‌شده‌ای نیست')
  }
}

function percentOf(value: Json | undefined, place: string): string {
  if (typeof value !== 'string') throw badRule(place, 'is a percentage as text, "7.5"', 'درصد به صورت متن است')
  const { numerator, denominator } = parseDecimal(value)
  if (numerator > 100 * denominator) throw badRule(place, 'is at most 100', 'حداکثر ۱۰۰ است')
  return value
}

function objectOf(json: Json | undefined, place: string): { [key: string]: Json } {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  throw badRule(place, 'is an object', 'یک شیء است')
}

const word = (value: Json | undefined) => (typeof value === 'string' ? value : '')
const isInteger = (value: Json | undefined): value is number => Number.isSafeInteger(value)
const isText = (value: Json): value is string => typeof value === 'string'
const badRule = (place: string, en: string, fa: string) => new DomainError('BadRule', { fa, en }, place)

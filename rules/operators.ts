import type { Json } from '../domain/json.ts'
import { inWindow, type TimeWindow } from '../domain/window.ts'

/** What a condition of a price rule may ask, by its word in json-rules-engine; each has an opposite, so that conflicts can be found. */
export const operators: Record<
  string,
  { opposite: string; holds: (actual: Json | undefined, value: Json) => boolean }
> = {
  equal: { opposite: 'notEqual', holds: (a, v) => a === v },
  notEqual: { opposite: 'equal', holds: (a, v) => a !== v },
  in: { opposite: 'notIn', holds: (a, v) => Array.isArray(v) && a !== undefined && v.includes(a) },
  notIn: { opposite: 'in', holds: (a, v) => !(Array.isArray(v) && a !== undefined && v.includes(a)) },
  contains: { opposite: 'doesNotContain', holds: (a, v) => Array.isArray(a) && a.includes(v) },
  doesNotContain: { opposite: 'contains', holds: (a, v) => !(Array.isArray(a) && a.includes(v)) },
  lessThan: { opposite: 'greaterThanInclusive', holds: (a, v) => isNumber(a) && isNumber(v) && a < v },
  lessThanInclusive: { opposite: 'greaterThan', holds: (a, v) => isNumber(a) && isNumber(v) && a <= v },
  greaterThan: { opposite: 'lessThanInclusive', holds: (a, v) => isNumber(a) && isNumber(v) && a > v },
  greaterThanInclusive: { opposite: 'lessThan', holds: (a, v) => isNumber(a) && isNumber(v) && a >= v },
  inWindow: { opposite: 'notInWindow', holds: (a, v) => isNumber(a) && inWindow(a, v as unknown as TimeWindow) },
  notInWindow: { opposite: 'inWindow', holds: (a, v) => isNumber(a) && !inWindow(a, v as unknown as TimeWindow) },
}

const isNumber = (value: Json | undefined): value is number => typeof value === 'number'

import { roles } from '../definitions/catalogue/roles.ts'
import type { LeafResult } from '../definitions/condition.ts'
import type { Definition } from '../definitions/format.ts'
import type { Offer } from '../definitions/interpreter/offer.ts'
import type { Text } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'

/** Why a button is not offered, in sentences: the roles that may, or each condition with what it read (WF25). */
export function reasonTexts(definition: Definition, offer: Offer): Text[] {
  switch (offer.why) {
    case 'offered':
      return []
    case 'notAllowed':
      return [allowed(offer.allow)]
    case 'busy':
      return [{ fa: 'گام‌های پیشین در حال برگشت است', en: 'earlier steps are being undone' }]
    case 'guardFalse': {
      const leaves = offer.reasons
        .filter(({ truth }) => truth === 'false' || truth === 'error')
        .flatMap((reason) => reason.leaves)
      return leaves
        .filter(({ result, negated }) => (result === 'false') !== (negated === true))
        .map((leaf) => sentence(definition, leaf))
    }
    default:
      return offer.why satisfies never
  }
}

function allowed(allow: string[]): Text {
  const names = [...new Set(allow.map((entry) => entry.split('@', 1)[0] ?? entry))]
  const fa = names.map((name) => roles[name]?.fa ?? name).join('، ')
  const en = names.map((name) => roles[name]?.en ?? name).join(', ')
  return { fa: `تنها ${fa} می‌تواند`, en: `only ${en} may` }
}

function sentence(definition: Definition, leaf: LeafResult): Text {
  const label = definition.facts?.[leaf.fact]?.label
  const path = (leaf.path ?? '').replace(/^\$\.?/, '')
  const what = [leaf.fact === 'ctx' ? '' : leaf.fact, path].filter(Boolean).join('.')
  const words = operators[leaf.operator] ?? { fa: leaf.operator, en: leaf.operator }
  const not = leaf.negated === true
  const actual = show(leaf.actual ?? null)
  return {
    fa: `${label?.fa ? `${label.fa} (${path})` : what} ${not ? 'نباید' : 'باید'} ${words.fa} ${show(leaf.expected)} باشد؛ اکنون ${actual} است`,
    en: `${label?.en ? `${label.en} (${path})` : what} must ${not ? 'not ' : ''}${words.en} ${show(leaf.expected)}; now it is ${actual}`,
  }
}

function show(value: Json): string {
  return typeof value === 'string' ? `«${value}»` : JSON.stringify(value)
}

const operators: Record<string, Text> = {
  equal: { fa: 'برابر', en: 'equal' },
  notEqual: { fa: 'نابرابر با', en: 'differ from' },
  in: { fa: 'یکی از', en: 'be one of' },
  notIn: { fa: 'جز', en: 'be none of' },
  contains: { fa: 'دربردارنده', en: 'contain' },
  doesNotContain: { fa: 'بدون', en: 'not contain' },
  lessThan: { fa: 'کمتر از', en: 'be less than' },
  lessThanInclusive: { fa: 'حداکثر', en: 'be at most' },
  greaterThan: { fa: 'بیشتر از', en: 'be more than' },
  greaterThanInclusive: { fa: 'دست‌کم', en: 'be at least' },
}

/** A press that reached the order after its caller had stopped waiting (`TooLate`). */
export const tooLateText: Text = {
  fa: 'این درخواست پس از مهلت پاسخ به سفارش رسید و انجام نشد؛ دوباره بکوشید',
  en: 'This reached the order after its time to answer and was not done; try again',
}

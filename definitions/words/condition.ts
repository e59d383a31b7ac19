import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import type { Condition, Definition, Leaf } from '../format.ts'

/** A condition as a sentence in both languages; a named one by its name. Labels of facts and states are taken from the definition. */
export function conditionWords(condition: Condition, definition: Pick<Definition, 'facts' | 'states'>): Text {
  const inner = (c: Condition): Text => {
    const words = conditionWords(c, definition)
    return 'all' in c || 'any' in c ? { fa: `(${words.fa})`, en: `(${words.en})` } : words
  }
  if ('all' in condition) return joined(condition.all.map(inner), ' و ', ' and ')
  if ('any' in condition) return joined(condition.any.map(inner), ' یا ', ' or ')
  if ('not' in condition) {
    const words = inner(condition.not)
    return { fa: `نه ${words.fa}`, en: `not ${words.en}` }
  }
  if ('condition' in condition) return { fa: `«${condition.condition}»`, en: `"${condition.condition}"` }
  return leafWords(condition, definition)
}

function leafWords(leaf: Leaf, definition: Pick<Definition, 'facts' | 'states'>): Text {
  const operator = operators[leaf.operator]
  if (leaf.fact === 'state' && typeof leaf.value === 'string') {
    const isThere = leaf.operator === 'contains'
    return {
      fa: `${isThere ? '' : 'نه '}در وضعیت ${leaf.value}`,
      en: `${isThere ? 'in' : 'not in'} state ${leaf.value}`,
    }
  }
  const what = sideWords(leaf, definition)
  const value =
    typeof leaf.value === 'object' && leaf.value !== null && !Array.isArray(leaf.value)
      ? sideWords(leaf.value, definition)
      : valueWords(leaf.value)
  return { fa: `${what.fa} ${operator.fa} ${value.fa}`, en: `${what.en} ${operator.en} ${value.en}` }
}

function sideWords({ fact, path = '$' }: { fact: string; path?: string }, definition: Pick<Definition, 'facts'>): Text {
  const label = Object.hasOwn(definition.facts ?? {}, fact) ? definition.facts?.[fact]?.label : undefined
  const dotted = path.replace(/^\$\.?/, '')
  const own = fact === 'ctx' ? dotted : [fact, dotted].filter(Boolean).join('.')
  return label === undefined
    ? { fa: own, en: own }
    : { fa: [label.fa, dotted].filter(Boolean).join(' '), en: [label.en, dotted].filter(Boolean).join(' ') }
}

function valueWords(value: Json): Text {
  if (value === null) return { fa: 'تهی', en: 'nothing' }
  if (typeof value === 'boolean') return value ? { fa: 'درست', en: 'true' } : { fa: 'نادرست', en: 'false' }
  if (Array.isArray(value)) return joined(value.map(valueWords), '، ', ', ')
  const plain = typeof value === 'string' ? value : JSON.stringify(value)
  return typeof value === 'string' ? { fa: `«${plain}»`, en: `"${plain}"` } : { fa: plain, en: plain }
}

const joined = (parts: Text[], fa: string, en: string): Text => ({
  fa: parts.map((part) => part.fa).join(fa),
  en: parts.map((part) => part.en).join(en),
})

const operators: Record<Leaf['operator'], Text> = {
  equal: { fa: 'برابر است با', en: 'is' },
  notEqual: { fa: 'برابر نیست با', en: 'is not' },
  in: { fa: 'یکی است از', en: 'is one of' },
  notIn: { fa: 'هیچ‌یک نیست از', en: 'is none of' },
  contains: { fa: 'دربردارد', en: 'contains' },
  doesNotContain: { fa: 'دربرندارد', en: 'does not contain' },
  lessThan: { fa: 'کمتر است از', en: 'is less than' },
  lessThanInclusive: { fa: 'حداکثر است', en: 'is at most' },
  greaterThan: { fa: 'بیشتر است از', en: 'is more than' },
  greaterThanInclusive: { fa: 'دست‌کم است', en: 'is at least' },
}

import { parseDecimal } from '../domain/currency.ts'
import type { Discount } from '../domain/discounts.ts'
import type { Text } from '../domain/errors.ts'
import type { LineAmounts, TaxRate } from '../domain/invoice-line.ts'
import type { Json } from '../domain/json.ts'
import { type Rial, rial, share, sumRial } from '../domain/money.ts'
import { priceLine } from '../domain/pricing.ts'
import { type DimensionEntry, flatten, type PriceFacts } from './dimensions.ts'
import type { Asked, Considered, RuleBook } from './rule-book.ts'

/** A line before the rules: what it costs by list on its day, and the facts that rules may ask about. All of it is JSON, and kept. */
export interface BasisLine {
  productId: string
  description: Text
  quantity: number
  charge: 'one-off' | 'recurring'
  unitRial: Rial
  listRial: Rial
  taxIncluded: boolean
  taxes: TaxRate[]
  bundleId: string | null
  facts: PriceFacts
}

/** One published set, ready to be asked. */
export interface LoadedRules {
  set: string
  version: number
  book: RuleBook
}

/** What one rule did on one line (BR10). */
export interface Explained {
  set: string
  version: number
  rule: string
  effect: string
  matched: boolean
  outcome: 'applied' | 'superseded' | 'noMatch'
  supersededBy: string | null
  amountRial: Rial
  arithmetic: string
  why: Asked[]
}

export interface QuotedLine extends Omit<BasisLine, 'facts' | 'listRial' | 'taxIncluded' | 'taxes'> {
  /** The rule that added this line. */
  addedBy: string | null
  amounts: LineAmounts
  explanation: Explained[]
}

export interface PriceDecision {
  lines: QuotedLine[]
  netRial: Rial
  taxRial: Rial
  totalRial: Rial
  rejections: { rule: string; reason: Text }[]
  rules: { set: string; version: number }[]
}

/**
 * Decides what lines cost under these rules (M3, M4): every rule is asked about every line; discounts stack as they declare, add-ons
 * become lines that no further add-on follows, the highest commission rule of a line counts, rejections are gathered. `addOn` gives
 * the basis of a product that a rule adds. Nothing is written.
 */
export async function decidePrice(
  lines: readonly BasisLine[],
  rules: readonly LoadedRules[],
  dimensions: Record<string, DimensionEntry>,
  addOn: (productId: string, quantity: number, beside: BasisLine) => Promise<BasisLine[]>,
): Promise<PriceDecision> {
  const quoted: QuotedLine[] = []
  const rejections: PriceDecision['rejections'] = []
  const added = new Set<string>()
  const quote = async (line: BasisLine, by: { rule: string; free: boolean } | null): Promise<void> => {
    const asked = await considerAll(rules, flatten(line.facts, dimensions))
    const discounts = asked.flatMap((one) => discountOf(one))
    if (by?.free === true)
      discounts.push({ rule: by.rule, priority: 1, stacking: 'exclusive', value: { amountRial: line.listRial } })
    const { amounts, steps } = priceLine(line, discounts)
    const commission = asked.find(({ matched, effect }) => matched && effect.type === 'commission')
    const { facts: _facts, listRial: _list, taxIncluded: _included, taxes: _taxes, ...shown } = line
    quoted.push({
      ...shown,
      addedBy: by?.rule ?? null,
      amounts,
      explanation: asked.map((one) => explain(one, steps, commission, amounts.netRial)),
    })
    for (const { matched, effect, name } of asked) {
      if (matched && effect.type === 'reject') rejections.push({ rule: name, reason: effect.params.reason })
      if (matched && effect.type === 'addOn' && by === null && !added.has(name)) {
        added.add(name)
        const { productId, quantity, free } = effect.params
        for (const more of await addOn(productId, quantity, line)) await quote(more, { rule: name, free })
      }
    }
  }
  for (const line of lines) await quote(line, null)
  return {
    lines: quoted,
    netRial: sumRial(quoted.map(({ amounts }) => amounts.netRial)),
    taxRial: sumRial(quoted.map(({ amounts }) => amounts.taxRial)),
    totalRial: sumRial(quoted.map(({ amounts }) => amounts.totalRial)),
    rejections: rejections.filter(({ rule }, i) => rejections.findIndex((each) => each.rule === rule) === i),
    rules: rules.map(({ set, version }) => ({ set, version })),
  }
}

interface Named extends Considered {
  set: string
  version: number
  /** Unique among all sets: `set/rule`. */
  name: string
}

/** All rules of all sets against one line's facts, in falling priority. */
export async function considerAll(rules: readonly LoadedRules[], facts: Record<string, Json>): Promise<Named[]> {
  const all = await Promise.all(
    rules.map(async ({ set, version, book }) =>
      (await book.consider(facts)).map((one) => ({ ...one, set, version, name: `${set}/${one.rule}` })),
    ),
  )
  return all.flat().sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))
}

function discountOf({ matched, effect, name, priority }: Named): Discount[] {
  if (!matched || effect.type !== 'discount') return []
  const { params } = effect
  const value =
    'percent' in params ? { percent: percentRatio(params.percent) } : { amountRial: rial(params.amountRial) }
  return [{ rule: name, priority, stacking: params.stacking, value }]
}

function explain(
  one: Named,
  steps: ReturnType<typeof priceLine>['steps'],
  commission: Named | undefined,
  netRial: Rial,
): Explained {
  const { set, version, rule, name, effect, matched, why } = one
  const told = {
    set,
    version,
    rule,
    effect: effect.type,
    matched,
    why,
    supersededBy: null,
    amountRial: rial(0),
    arithmetic: '',
  }
  if (!matched) return { ...told, outcome: 'noMatch' }
  const step = steps.find((each) => each.rule === name)
  if (step !== undefined) {
    const { outcome, supersededBy, amountRial, arithmetic } = step
    return { ...told, outcome, supersededBy, amountRial, arithmetic }
  }
  if (effect.type !== 'commission') return { ...told, outcome: 'applied' }
  if (one !== commission) return { ...told, outcome: 'superseded', supersededBy: commission?.name ?? null }
  const ratio = percentRatio(effect.params.percent)
  const amountRial = share(netRial, ratio)
  const arithmetic = `${netRial} × ${ratio.numerator} / ${ratio.denominator} = ${amountRial}`
  return { ...told, outcome: 'applied', amountRial, arithmetic }
}

/** A percentage as an exact factor: `7.5` is 75/1000. */
function percentRatio(percent: string) {
  const { numerator, denominator } = parseDecimal(percent)
  return { numerator, denominator: denominator * 100 }
}

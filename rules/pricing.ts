import type { Db, Queryable } from '../db/client.ts'
import { decisionsBetween } from '../db/price-decisions.ts'
import { partnerPathOf } from '../db/price-facts.ts'
import { listDimensions, publishedRules, type RuleLimits, type RuleSetRow } from '../db/rule-sets.ts'
import type { BasketFault } from '../domain/basket.ts'
import { parseDecimal } from '../domain/currency.ts'
import { DomainError } from '../domain/errors.ts'
import type { Json } from '../domain/json.ts'
import type { Rial } from '../domain/money.ts'
import { conflictsOf, type Finding } from './conflicts.ts'
import { type BasisLine, considerAll, decidePrice, type LoadedRules, type PriceDecision } from './decide-price.ts'
import { builtInDimensions, type DimensionEntry, flatten } from './dimensions.ts'
import { addOnBasis, gatherBasis, type PriceWish } from './price-basis.ts'
import { type PriceRule, readRules } from './price-rule.ts'
import { createRuleBook, type RuleBook } from './rule-book.ts'

/** A price with what it was made from; both are JSON and may be kept. */
export interface Quote extends PriceDecision {
  faults: BasketFault[]
  basis: BasisLine[]
}

/** What other rules would have made of past sales, to the Rial. */
export interface WhatIf {
  sales: number
  beforeRial: Rial
  afterRial: Rial
  rejected: number
  /** Sales that would have come out otherwise, at most 100. */
  changed: { invoiceId: string; beforeRial: Rial; afterRial: Rial; rejections: string[] }[]
  /** The instant after which a next call goes on; null when all were seen. */
  next: { at: string; id: string } | null
}

export type Pricing = ReturnType<typeof createPricing>

const maxBooks = 200
const whatIfBatch = 500

/**
 * Prices by catalogue and rules. Compiled rules are kept by version, so that a quote costs one question for each line; a new dimension or
 * a newly published version counts from the next price on, without a restart (BR8).
 */
export function createPricing({ rateMaxAgeHours }: { rateMaxAgeHours: number }) {
  const books = new Map<string, RuleBook>()

  async function dimensionsOf(db: Queryable): Promise<Record<string, DimensionEntry>> {
    const own = await listDimensions(db)
    const entries = own.map(({ id, path, type, labelFa: fa, labelEn: en }) => [id, { path, type, label: { fa, en } }])
    return { ...(Object.fromEntries(entries) as Record<string, DimensionEntry>), ...builtInDimensions }
  }

  function load(
    row: Pick<RuleSetRow, 'id' | 'version' | 'rules' | 'status'>,
    dimensions: Record<string, DimensionEntry>,
  ): LoadedRules {
    const named = `${row.id}@${row.version}:${Object.entries(dimensions)
      .map(([id, { type }]) => `${id} ${type}`)
      .join()}`
    const kept = row.status === 'draft' ? undefined : books.get(named)
    const book = kept ?? createRuleBook(readRules(row.rules, dimensions))
    if (kept === undefined && row.status !== 'draft') {
      if (books.size >= maxBooks) books.delete(books.keys().next().value ?? '')
      books.set(named, book)
    }
    return { set: row.id, version: row.version, book }
  }

  async function rulesFor(db: Queryable, path: readonly string[], instead?: RuleSetRow): Promise<LoadedRules[]> {
    const dimensions = await dimensionsOf(db)
    const published = await publishedRules(db, path)
    const holds = instead !== undefined && (instead.partnerId === null || path.includes(instead.partnerId))
    const rows = [...published.filter(({ id }) => id !== instead?.id), ...(holds ? [instead] : [])]
    return rows.map((row) => load(row, dimensions))
  }

  return {
    /** Prices a wish, and writes nothing. Ends in DomainError `NoSuchProduct`, `NoPrice` or `NoFreshRate`. */
    async quote(db: Queryable, wish: PriceWish): Promise<Quote> {
      const { lines: basis, faults, partnerPath } = await gatherBasis(db, wish, rateMaxAgeHours)
      const rules = await rulesFor(db, partnerPath)
      const decision = await decidePrice(basis, rules, await dimensionsOf(db), (productId, quantity, beside) =>
        addOnBasis(db, beside, productId, quantity, rateMaxAgeHours),
      )
      return { ...decision, faults, basis }
    },

    /**
     * Prices past sales of a time again, with one version of a set instead of the published one, from the facts that were kept.
     * The connection is read-only: nothing can be written. With the rules of the sale itself each comes out to the Rial.
     */
    async whatIf(
      db: Db,
      instead: RuleSetRow,
      query: { from: string; to: string; after?: { at: string; id: string } },
    ): Promise<WhatIf> {
      return db.transaction(
        async (tx) => {
          const dimensions = await dimensionsOf(tx)
          const sales = await decisionsBetween(tx, { ...query, limit: whatIfBatch })
          const result: WhatIf = {
            sales: sales.length,
            beforeRial: 0 as Rial,
            afterRial: 0 as Rial,
            rejected: 0,
            changed: [],
            next: null,
          }
          for (const sale of sales) {
            const basis = sale.basis['lines'] as unknown as BasisLine[]
            const before = sale.decision as unknown as PriceDecision
            const path = basis[0]?.facts.agent.path ?? []
            const after = await decidePrice(
              basis,
              await rulesFor(tx, path, instead),
              dimensions,
              (productId, quantity, beside) => addOnBasis(tx, beside, productId, quantity, rateMaxAgeHours),
            )
            result.beforeRial = (result.beforeRial + before.totalRial) as Rial
            result.afterRial = (result.afterRial + after.totalRial) as Rial
            if (after.rejections.length > 0) result.rejected += 1
            if ((after.totalRial !== before.totalRial || after.rejections.length > 0) && result.changed.length < 100)
              result.changed.push({
                invoiceId: sale.invoiceId,
                beforeRial: before.totalRial,
                afterRial: after.totalRial,
                rejections: after.rejections.map(({ rule }) => rule),
              })
          }
          const last = sales.at(-1)
          if (sales.length === whatIfBatch && last !== undefined) result.next = { at: last.at, id: last.id }
          return result
        },
        { accessMode: 'read only', isolationLevel: 'repeatable read' },
      )
    },

    /** Gateways for a product in the order of the rule that matches first (BR5); null where no rule says so. */
    async gatewaysFor(db: Queryable, wish: PriceWish): Promise<string[] | null> {
      const { lines, partnerPath } = await gatherBasis(db, wish, rateMaxAgeHours)
      const [line] = lines
      if (line === undefined) return null
      const facts = flatten(line.facts, await dimensionsOf(db))
      const asked = await considerAll(await rulesFor(db, partnerPath), facts)
      const found = asked.find(({ matched, effect }) => matched && effect.type === 'terminal')
      return found?.effect.type === 'terminal' ? found.effect.params.gateways : null
    },

    /**
     * Whether a product may become another one (BR4), by the upgrade rule that matches first. Where such rules exist and none matches the
     * answer is no; where there are none, yes.
     */
    async mayChange(db: Queryable, wish: PriceWish): Promise<{ allowed: boolean; rule: string | null }> {
      const { lines, partnerPath } = await gatherBasis(db, wish, rateMaxAgeHours)
      const [line] = lines
      if (line === undefined) return { allowed: false, rule: null }
      const facts = flatten(line.facts, await dimensionsOf(db))
      const matrix = (await considerAll(await rulesFor(db, partnerPath), facts)).filter(
        ({ effect }) => effect.type === 'upgrade',
      )
      const found = matrix.find(({ matched }) => matched)
      if (found?.effect.type === 'upgrade') return { allowed: found.effect.params.allow, rule: found.name }
      return { allowed: matrix.length === 0, rule: null }
    },

    /**
     * Reads rules as they would be published and tells what is hardly meant so. A partner's own rules stay within his limits (BR9).
     * Ends in DomainError `BadRule` or `BeyondLimits`, with the place.
     */
    async examine(
      db: Queryable,
      json: readonly Json[],
      own: { partnerId: string; limits: RuleLimits | null } | null,
      atMs: number,
    ): Promise<Finding[]> {
      const rules = readRules(json, await dimensionsOf(db))
      if (own !== null) refuseBeyond(rules, own.limits)
      const paths = new Map<string, string[]>()
      for (const value of agentsNamedIn(json)) paths.set(value, await partnerPathOf(db, value))
      const above = (id: string) => {
        const path = paths.get(id)
        return path === undefined || path.length === 0 ? undefined : path
      }
      return conflictsOf(rules, above, new Date(atMs).getUTCFullYear())
    },
  }
}

function refuseBeyond(rules: readonly PriceRule[], limits: RuleLimits | null): void {
  for (const [i, { event, name }] of rules.entries()) {
    const beyond = (fa: string, en: string) =>
      new DomainError(
        'BeyondLimits',
        { fa: `قاعدهٔ «${name}»: ${fa}`, en: `rule ${name}: ${en}` },
        `$.rules[${i}].event`,
      )
    if (limits === null || !limits.effects.includes(event.type))
      throw beyond('چنین اثری برای این نماینده مجاز نیست', `this partner may not have ${event.type} rules`)
    const max =
      event.type === 'discount' ? limits.maxDiscountBp : event.type === 'commission' ? limits.maxCommissionBp : null
    if (max === null) continue
    // An amount may be more than any percentage of a small price.
    if (!('percent' in event.params)) throw beyond('تخفیف نماینده درصدی است', 'a discount of a partner is a percentage')
    const { numerator, denominator } = parseDecimal(event.params.percent)
    if (BigInt(numerator) * 100n > BigInt(max) * BigInt(denominator))
      throw beyond(`بیش از سقف ${max / 100} درصد است`, `more than ${max / 100} %`)
  }
}

/** Values that conditions on agents name, at most 500. */
function agentsNamedIn(json: readonly Json[]): string[] {
  const found = new Set<string>()
  const visit = (node: Json): void => {
    if (Array.isArray(node)) for (const part of node) visit(part)
    else if (typeof node === 'object' && node !== null) {
      if (node['fact'] === 'agent' && typeof node['value'] === 'string' && found.size < 500) found.add(node['value'])
      for (const part of Object.values(node)) visit(part)
    }
  }
  visit([...json])
  return [...found]
}

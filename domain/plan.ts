import { DomainError } from './errors.ts'
import type { JsonObject } from './json.ts'

/** What a network product gives: the words of its characteristics. */
export interface Plan {
  /** Tariff group at the AAA. */
  group: string
  technology: string
  days: number
  bytes: bigint
}

/** Reads a product's characteristics. Ends in DomainError `NotANetworkProduct` where one is missing. */
export function planOf(characteristics: JsonObject): Plan {
  const { group, technology, days, gigabytes } = characteristics
  if (
    typeof group !== 'string' ||
    typeof technology !== 'string' ||
    typeof days !== 'number' ||
    typeof gigabytes !== 'number'
  )
    throw new DomainError('NotANetworkProduct', {
      en: 'the product lacks group, technology, days or gigabytes',
      fa: 'مشخصات شبکه این محصول کامل نیست',
    })
  return { group, technology, days, bytes: BigInt(gigabytes) * 1_000_000_000n }
}

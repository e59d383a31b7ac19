import { useUrlFilters } from '../../client/url-filters.ts'

const names = ['agent', 'city', 'centre', 'product', 'from', 'to', 'state', 'late', 'held', 'q', 'sort'] as const

export type MapFilters = { [N in (typeof names)[number]]?: string }
export type ChangeFilters = (wish: { [N in (typeof names)[number]]?: string | null }) => void

/** What narrows the map and the table under it; all of it stands in the address. */
export const useMapFilters = () => useUrlFilters(names)

/** The part that narrows the counts of the map too. */
export function countedBy({ agent, city, centre, product, from, to }: MapFilters): MapFilters {
  return Object.fromEntries(
    Object.entries({ agent, city, centre, product, from, to }).filter(([, v]) => v !== undefined),
  )
}

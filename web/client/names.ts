import { useMemo } from 'react'
import { useMay } from '../shell/me.tsx'
import { usePreferences } from '../shell/preferences.tsx'
import { api } from './client.ts'

const rarely = { staleTime: 5 * 60_000 }

/** Names of partners, cities, exchanges and products, which lists refer to by id; read once in a while. */
export function useNames() {
  const { lang } = usePreferences()
  const may = useMay()
  const partners = api.useQuery('get', '/v1/partners', {}, { ...rarely, enabled: may('partners.read') }).data?.partners
  const cities = api.useQuery('get', '/v1/cities', {}, rarely).data?.cities
  const centres = api.useQuery('get', '/v1/centres', {}, rarely).data?.centres
  const products = api.useQuery('get', '/v1/products', {}, rarely).data?.products
  return useMemo(() => {
    const named = (list: readonly { id: string; nameFa: string; nameEn: string }[] | undefined) =>
      (list ?? []).map(({ id, nameFa, nameEn }) => ({ value: id, label: lang === 'fa' ? nameFa : nameEn }))
    const options = {
      partner: named(partners),
      city: named(cities),
      centre: named(centres),
      product: (products ?? []).map(({ id, labelFa, labelEn }) => ({
        value: id,
        label: lang === 'fa' ? labelFa : labelEn,
      })),
    }
    const maps = Object.fromEntries(
      Object.entries(options).map(([kind, list]) => [kind, new Map(list.map(({ value, label }) => [value, label]))]),
    ) as Record<keyof typeof options, Map<string, string>>
    const nameOf = (kind: keyof typeof options, id: string | null) => (id === null ? '' : (maps[kind].get(id) ?? id))
    return { options, nameOf }
  }, [partners, cities, centres, products, lang])
}

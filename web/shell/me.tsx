import { createContext, useContext } from 'react'
import type { paths } from '../client/paths.ts'

export type Me = paths['/v1/me']['get']['responses']['200']['content']['application/json']

/** Which panel a person sees: the same API, other screens. */
export type Audience = 'staff' | 'agency' | 'customer'

const Context = createContext<Me | null>(null)
export const MeProvider = Context

/** The person who is signed in. Only below the sign-in. */
export function useMe(): Me {
  const me = useContext(Context)
  if (me === null) throw new Error('nobody is signed in here')
  return me
}

/** Whether the person may call the routes of a permission. */
export function useMay(): (permission: string | null) => boolean {
  const { permissions } = useMe()
  return (permission) => permission === null || permissions.includes(permission)
}

/** A person with any role of the company is staff, even if he is also a customer of it. */
export function audienceOf({ roles }: Pick<Me, 'roles'>): Audience {
  const held = roles.map(({ role }) => role)
  if (held.some((role) => role !== 'customer' && role !== 'reseller')) return 'staff'
  return held.includes('reseller') ? 'agency' : 'customer'
}

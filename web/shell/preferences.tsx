import { useDirection } from '@mantine/core'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

/** How one person wants to read: kept in this browser. */
export interface Preferences {
  lang: 'fa' | 'en'
  calendar: 'jalali' | 'gregorian'
  currency: 'toman' | 'rial'
}

interface Held extends Preferences {
  change: (wish: Partial<Preferences>) => void
}

const key = 'samfony.preferences'
const first: Preferences = { lang: 'fa', calendar: 'jalali', currency: 'toman' }
const Context = createContext<Held>({ ...first, change: () => undefined })

/** The reader's choices; `change` acts at once, on the direction of the page too. */
export const usePreferences = () => useContext(Context)

/** Holds the choices for all below it, and keeps the document's language and direction with them. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(remembered)
  const { setDirection } = useDirection()
  const dir = chosen.lang === 'fa' ? 'rtl' : 'ltr'
  useEffect(() => {
    document.documentElement.lang = chosen.lang
    setDirection(dir)
    localStorage.setItem(key, JSON.stringify(chosen))
  }, [chosen, dir, setDirection])
  const held = useMemo(
    () => ({ ...chosen, change: (wish: Partial<Preferences>) => setChosen((old) => ({ ...old, ...wish })) }),
    [chosen],
  )
  return <Context value={held}>{children}</Context>
}

/** What this browser remembers; anything else than the known words is the first choice. */
export function remembered(): Preferences {
  const stored = ((): Partial<Preferences> => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>
    } catch {
      return {}
    }
  })()
  return {
    lang: stored.lang === 'en' ? 'en' : first.lang,
    calendar: stored.calendar === 'gregorian' ? 'gregorian' : first.calendar,
    currency: stored.currency === 'rial' ? 'rial' : first.currency,
  }
}

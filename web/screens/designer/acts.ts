import { createContext, useContext } from 'react'
import type { RoadWish } from './new-road.tsx'
import type { StateWish } from './new-state.tsx'

/** What a part of the screen may ask for that opens a dialog, or adds a part and selects it. States are dotted ids. */
export interface Acts {
  state: (wish: Omit<StateWish, 'at'> & Partial<Pick<StateWish, 'at'>>) => void
  road: (wish: RoadWish) => void
  call: (state: string) => void
  deadline: (state: string) => void
  message: (state: string) => void
}

const none = () => undefined
const Context = createContext<Acts>({ state: none, road: none, call: none, deadline: none, message: none })
export const ActsProvider = Context
export const useActs = () => useContext(Context)

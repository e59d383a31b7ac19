import { useEffect } from 'react'
import { useDraft } from './draft.tsx'
import { pathOf, stateOf } from './model/states.ts'
import { isTyping } from './use-clipboard.ts'

/** Undo, redo and removal by key, while no field has the focus. */
export function useKeys(picked: readonly string[]) {
  const { undo, redo, edit, select, selected } = useDraft()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector('[role=dialog]') !== null) return
      const isCommand = event.ctrlKey || event.metaKey
      const key = event.code
      if (isCommand && (key === 'KeyY' || (key === 'KeyZ' && event.shiftKey))) redo?.()
      else if (isCommand && key === 'KeyZ') undo?.()
      else if (key === 'Delete' || key === 'Backspace') {
        const state = stateOf(selected)
        if (picked.length > 0) for (const id of picked) edit({ type: 'removeState', id })
        else if (selected !== '$' && selected !== pathOf(state)) edit({ type: 'set', path: selected, value: undefined })
        else return
        select(picked.length > 0 ? '$' : pathOf(state))
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [undo, redo, edit, select, selected, picked])
}

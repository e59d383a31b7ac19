import { useEffect } from 'react'
import { useDraft } from './draft.tsx'
import { copy, readFragment } from './model/clipboard.ts'
import { parentOf, stateOf } from './model/states.ts'

/** Copy, cut and paste of states as text, so that they travel between definitions, tabs and browsers. */
export function useClipboard(picked: readonly string[]) {
  const { definition, edit, selected } = useDraft()
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      if (picked.length === 0 || isTyping(event.target) || String(getSelection()) !== '') return
      event.clipboardData?.setData('text/plain', JSON.stringify(copy(definition, picked), null, 2))
      event.preventDefault()
      if (event.type === 'cut') for (const id of picked) edit({ type: 'removeState', id })
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return
      const fragment = readFragment(event.clipboardData?.getData('text/plain') ?? '')
      if (fragment === undefined) return
      event.preventDefault()
      edit({ type: 'paste', parent: parentOf(stateOf(selected)), fragment })
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [picked, definition, edit, selected])
}

/** Whether keys belong to a field and not to the drawing. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable=true], .cm-editor') !== null
  )
}

import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useDraft } from '../draft.tsx'
import { roadsOf } from '../model/roads.ts'
import { roadTone, short, transitionWords } from '../model/say.ts'
import { showBeginning } from './canvas.tsx'
import type { createElk } from './elk.ts'
import { layOut } from './lay-out.ts'

/** Lays the drawing out when it has no places yet, and again at a person's wish. */
export function useLayout() {
  const { definition, places, place } = useDraft()
  const { lang } = usePreferences()
  const flow = useReactFlow()
  const elk = useRef<ReturnType<typeof createElk>>(undefined)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  useEffect(() => () => elk.current?.close(), [])

  const tidy = useCallback(() => {
    setBusy(true)
    const words = new Map(
      roadsOf(definition).map(({ id, transitions }) => {
        const said = transitions.find((each) => roadTone(definition, each) === 'user') ?? transitions[0]
        const words = said === undefined ? '' : short(transitionWords(definition, said)[lang])
        return [id, transitions.length > 1 ? `${words} +${transitions.length - 1}` : words]
      }),
    )
    void (async () => {
      try {
        elk.current ??= (await import('./elk.ts')).createElk()
        const laid = await layOut(
          definition,
          lang === 'fa' ? 'rtl' : 'ltr',
          (road) => words.get(road) ?? '',
          elk.current,
        )
        place(laid)
        setFailed(false)
        setTimeout(() => showBeginning(flow, laid))
      } catch {
        setFailed(true)
      }
      setBusy(false)
    })()
  }, [definition, lang, place, flow])

  const began = useRef(false)
  useEffect(() => {
    if (places !== null || began.current) return
    began.current = true
    tidy()
  }, [places, tidy])
  return { tidy, busy, failed }
}

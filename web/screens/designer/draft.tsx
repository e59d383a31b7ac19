import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useReducer, useState } from 'react'
import type { CheckCatalogues, Finding } from '../../../definitions/check/finding.ts'
import type { Definition } from '../../../definitions/format.ts'
import type { Places } from './canvas/places.ts'
import { type Checker, createChecker } from './check/checker.ts'
import { useFindings } from './check/use-findings.ts'
import { type Command, edit } from './model/edit.ts'
import { begin, type History, record, redo, undo } from './model/history.ts'

/** What undo goes back to: the meaning and the places together. */
interface Snapshot {
  definition: Definition
  places: Places | null
}

export interface Draft extends Snapshot {
  catalogues: CheckCatalogues
  checker: Checker | null
  findings: Finding[]
  checking: boolean
  /** The place that the person works at: a state, a transition, a call … ; `$` is the process. */
  selected: string
  select: (path: string) => void
  readOnly: boolean
  /** `as`: edits in a row with the same word are one step of undo, as typing in a field. */
  edit: (command: Command, as?: string) => void
  place: (places: Places, as?: string) => void
  /** Both at once: a state that is drawn has its place from the first. */
  editAt: (command: Command, places: Places) => void
  undo?: () => void
  redo?: () => void
  changed: boolean
  kept: () => void
}

const Context = createContext<Draft | null>(null)

/** The definition on the desk. Only inside the designer. */
export function useDraft(): Draft {
  const draft = useContext(Context)
  if (draft === null) throw new Error('no definition is open here')
  return draft
}

interface Desk {
  history: History<Snapshot>
  as: string | undefined
}

type Move =
  | { type: 'edit'; command: Command; as?: string; places?: Places }
  | { type: 'place'; places: Places; as?: string }
  | { type: 'undo' }
  | { type: 'redo' }

function moved({ history, as }: Desk, move: Move): Desk {
  if (move.type === 'undo') return { history: undo(history), as: undefined }
  if (move.type === 'redo') return { history: redo(history), as: undefined }
  const { present } = history
  const next: Snapshot =
    move.type === 'place'
      ? { ...present, places: move.places }
      : { definition: edit(present.definition, move.command), places: move.places ?? present.places }
  if (next.definition === present.definition && next.places === present.places) return { history, as }
  // The first layout is no act of the person.
  if (move.type === 'place' && present.places === null) return { history: { ...history, present: next }, as }
  return { history: record(history, next, move.as !== undefined && move.as === as), as: move.as }
}

/** Holds the definition that is worked on, with its past, its findings and what is selected. */
export function DraftProvider(props: {
  definition: Definition
  places: Places | null
  catalogues: CheckCatalogues
  readOnly: boolean
  children: ReactNode
}) {
  const { catalogues, readOnly } = props
  const [{ history }, dispatch] = useReducer(moved, props, ({ definition, places }) => ({
    history: begin({ definition, places }),
    as: undefined,
  }))
  const [selected, select] = useState('$')
  const [keptAt, setKeptAt] = useState(history.present.definition)
  const [checker, setChecker] = useState<Checker | null>(null)
  useEffect(() => {
    const made = createChecker()
    setChecker(made)
    return () => made.close()
  }, [])
  const { definition, places } = history.present
  const { findings, checking } = useFindings(checker, definition, catalogues)
  const change = useCallback(
    (command: Command, as?: string) => {
      if (!readOnly) dispatch({ type: 'edit', command, ...(as !== undefined && { as }) })
    },
    [readOnly],
  )
  const draft = useMemo<Draft>(
    () => ({
      definition,
      places,
      catalogues,
      checker,
      findings,
      checking,
      selected,
      select,
      readOnly,
      edit: change,
      place: (next, as) => dispatch({ type: 'place', places: next, ...(as !== undefined && { as }) }),
      editAt: (command, next) => {
        if (!readOnly) dispatch({ type: 'edit', command, places: next })
      },
      ...(history.past.length > 0 && { undo: () => dispatch({ type: 'undo' }) }),
      ...(history.future.length > 0 && { redo: () => dispatch({ type: 'redo' }) }),
      changed: definition !== keptAt,
      kept: () => setKeptAt(definition),
    }),
    [definition, places, catalogues, checker, findings, checking, selected, readOnly, change, history, keptAt],
  )
  return <Context value={draft}>{props.children}</Context>
}

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useComputedColorScheme } from '@mantine/core'
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import { useEffect, useRef } from 'react'
import type { Finding } from '../../../../definitions/check/finding.ts'
import { segmentsOf } from '../../../../definitions/check/place.ts'
import type { Definition } from '../../../../definitions/format.ts'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useDraft } from '../draft.tsx'
import classes from './json.module.css'

/** The definition as text beside its drawing: what is right there comes here at once, and the other way round. Findings stand at their places. */
export function JsonEditor({ label }: { label: string }) {
  const { definition, findings, selected, edit, checker, catalogues, readOnly } = useDraft()
  const { lang } = usePreferences()
  const scheme = useComputedColorScheme('light')
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  // The definition that the text says; a change from elsewhere is told apart from what was typed here.
  const said = useRef<Definition>(undefined)
  const live = useRef({ edit, checker, catalogues, lang })
  useEffect(() => {
    live.current = { edit, checker, catalogues, lang }
  })

  useEffect(() => {
    if (holder.current === null) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = (text: string) => {
      const { checker: thread, catalogues: with_, edit: change, lang: tongue } = live.current
      void thread?.check(text, with_).then((found) => {
        const editor = view.current
        if (editor === undefined || editor.state.doc.toString() !== text) return
        editor.dispatch(setDiagnostics(editor.state, marks(text, found, tongue)))
        // Only a text of the right form is a definition that can be drawn.
        if (found.some(({ rule }) => rule === 'E00' || rule === 'E01')) return
        const next = JSON.parse(text) as Definition
        said.current = next
        change({ type: 'replace', definition: next }, 'json')
      })
    }
    const editor = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: '',
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          // The colours of this style are made for light paper.
          scheme === 'dark' ? [] : syntaxHighlighting(defaultHighlightStyle),
          json(),
          lintGutter(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, dir: 'ltr' }),
          EditorView.theme({}, { dark: scheme === 'dark' }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((each) => each.isUserEvent('outside'))) return
            clearTimeout(timer)
            const text = update.state.doc.toString()
            timer = setTimeout(() => read(text), 300)
          }),
        ],
      }),
    })
    view.current = editor
    said.current = undefined
    return () => {
      clearTimeout(timer)
      editor.destroy()
      view.current = undefined
    }
  }, [label, scheme, readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined || said.current === definition) return
    said.current = definition
    const text = JSON.stringify(definition, null, 2)
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, userEvent: 'outside' })
  }, [definition, label, scheme, readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined) return
    editor.dispatch(setDiagnostics(editor.state, marks(editor.state.doc.toString(), findings, lang)))
  }, [findings, lang, scheme])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined || selected === '$' || editor.hasFocus) return
    const tree = parseTree(editor.state.doc.toString())
    const node = tree && findNodeAtLocation(tree, segmentsOf(selected))
    if (node !== undefined)
      editor.dispatch({
        selection: { anchor: node.offset },
        effects: EditorView.scrollIntoView(node.offset, { y: 'start', yMargin: 40 }),
      })
  }, [selected])

  return <div ref={holder} className={classes['editor']} dir="ltr" />
}

/** Findings as marks: an object or list by its opening bracket only, or the whole text turns red. */
function marks(text: string, findings: readonly Finding[], lang: 'fa' | 'en'): Diagnostic[] {
  const tree = parseTree(text)
  return findings.map(({ path, severity, rule, message, line, column }) => {
    const segments = segmentsOf(path)
    let node = tree
    for (let length = segments.length; tree !== undefined && length >= 0; length--) {
      node = findNodeAtLocation(tree, segments.slice(0, length))
      if (node !== undefined) break
    }
    const at = node?.offset ?? offsetOf(text, line ?? 1, column ?? 1)
    const length = node === undefined || node.type === 'object' || node.type === 'array' ? 1 : node.length
    return {
      from: Math.min(at, text.length),
      to: Math.min(at + length, text.length),
      severity,
      message: `${rule} ${message[lang]}`,
    }
  })
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
}

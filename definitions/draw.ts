import type { Definition, State, Transition } from './format.ts'

/**
 * Draws a definition as a Mermaid state diagram, with labels in one language and, if given, the present states marked.
 * Composite states nest, regions of a parallel are divided; the text is stable for the same definition.
 */
export function drawMermaid(definition: Definition, locale: 'fa' | 'en', present: readonly string[] = []): string {
  const lines: string[] = ['stateDiagram-v2', '  direction LR']
  const edges: string[] = []
  const nodeOf = (path: string) => path.replaceAll('.', '__').replaceAll('-', '_')
  const edge = (from: string, to: string | undefined, label: string) => {
    if (to !== undefined)
      edges.push(`  ${nodeOf(from)} --> ${nodeOf(to.replace(/^#/, ''))}: ${label.replaceAll(/[:;"#]/g, ' ')}`)
  }

  const draw = (key: string, state: State, path: string, indent: string): void => {
    const label = state.label[locale] ?? key
    if (state.states === undefined) lines.push(`${indent}state "${label.replaceAll('"', '')}" as ${nodeOf(path)}`)
    else {
      lines.push(`${indent}state "${label.replaceAll('"', '')}" as ${nodeOf(path)} {`)
      const keys = state.order ?? Object.keys(state.states)
      for (const [i, inner] of keys.entries()) {
        const child = state.states[inner]
        if (child === undefined) continue
        if (state.type === 'parallel' && i > 0) lines.push(`${indent}  --`)
        if (inner === state.initial) lines.push(`${indent}  [*] --> ${nodeOf(`${path}.${inner}`)}`)
        draw(inner, child, `${path}.${inner}`, `${indent}  `)
      }
      lines.push(`${indent}}`)
    }
    if (state.type === 'final' && state.outcome !== undefined) edges.push(`  ${nodeOf(path)} --> [*]`)
    outgoing(definition, state, locale).forEach(([to, text]) => edge(path, to, text))
  }

  lines.push(`  [*] --> ${nodeOf(definition.initial)}`)
  for (const [key, state] of Object.entries(definition.states)) draw(key, state, key, '  ')
  const marks =
    present.length === 0
      ? []
      : ['  classDef present fill:#4263eb,color:#fff', `  class ${present.map(nodeOf).join(',')} present`]
  return [...lines, ...new Set(edges), ...marks].join('\n')
}

/** Every way out of a state with the words on its arrow. */
function outgoing(definition: Definition, state: State, locale: 'fa' | 'en'): [string | undefined, string][] {
  const words = {
    done: { fa: 'انجام شد', en: 'done' },
    failed: { fa: 'خطا', en: 'failed' },
    otherwise: { fa: 'خودکار', en: 'automatic' },
  }
  const all = (list: readonly Transition[] | undefined, text: string): [string | undefined, string][] =>
    (list ?? []).map((transition) => [transition.target, transition.label?.[locale] ?? text])
  return [
    ...Object.entries(state.on ?? {}).flatMap(([event, list]) =>
      all(list, definition.events[event]?.label[locale] ?? event),
    ),
    ...all(state.always, words.otherwise[locale]),
    ...all(state.onDone, words.done[locale]),
    ...(state.after ?? []).flatMap((timer) =>
      all(timer.then, `${timer.label?.[locale] ?? timer.id} (${timer.delay ?? timer.offset ?? ''})`),
    ),
    ...(state.invoke ?? []).flatMap((invoke) => [
      ...all(invoke.onDone, `${invoke.id} ${words.done[locale]}`),
      ...all(invoke.onError, `${invoke.id} ${words.failed[locale]}`),
    ]),
  ]
}

import type { Graph, GraphTransition } from '../graph.ts'

/** A mark that a transition carries as its first tag: `>state|trigger|position`. */
export const markPrefix = '>'

/** The same graph with every transition marked, so that the tokens of a run tell which were taken. */
export function markedGraph(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const list = (transitions: GraphTransition[], trigger: string) =>
        transitions.map((transition, i) => ({
          ...transition,
          tags: [`${markPrefix}${node.id}|${trigger}|${i}`, ...(transition.tags ?? [])],
        }))
      const { on, always, onDone, after, invoke } = node
      return {
        ...node,
        ...(on === undefined
          ? {}
          : { on: Object.fromEntries(Object.entries(on).map(([name, found]) => [name, list(found, `on:${name}`)])) }),
        ...(always === undefined ? {} : { always: list(always, 'always') }),
        ...(onDone === undefined ? {} : { onDone: list(onDone, 'onDone') }),
        ...(after === undefined
          ? {}
          : { after: after.map((timer) => ({ ...timer, then: list(timer.then, `after:${timer.id}`) })) }),
        ...(invoke === undefined
          ? {}
          : {
              invoke: invoke.map((call) => ({
                ...call,
                ...(call.onDone === undefined ? {} : { onDone: list(call.onDone, `done:${call.id}`) }),
                ...(call.onError === undefined ? {} : { onError: list(call.onError, `error:${call.id}`) }),
              })),
            }),
      }
    }),
  }
}

/** A token of the interpreter as a mark: `>state|trigger|position` a transition taken, `+state` entered, `-state` left; tags are none. */
export function markOf(token: string): string[] {
  if (token.startsWith(`tag:${markPrefix}`)) return [token.slice('tag:'.length)]
  if (token.startsWith('#')) return [`+${token.slice(1)}`]
  return token.startsWith('-') ? [token] : []
}

/** Whether a token speaks of structure only: nothing that a property could select. */
export const isMark = (token: string) => token.startsWith(`tag:${markPrefix}`) || token.startsWith('-')

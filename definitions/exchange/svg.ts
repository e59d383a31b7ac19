import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js'
import { statesOf, transitionsOf } from '../check/walk.ts'
import type { Definition, State } from '../format.ts'
import { triggerWords } from '../words/trigger.ts'

/**
 * A definition as an SVG picture for documents and slides: states nested, regions side by side, arrows with their words,
 * laid out by ELK (right to left in Persian). No script and nothing from outside is in it. Takes a second or two of a core.
 */
export async function drawSvg(definition: Definition, locale: 'fa' | 'en'): Promise<string> {
  const graph = graphOf(definition, locale)
  const laid = await new ELK.default().layout(graph)
  const [width, height] = [Math.ceil(laid.width ?? 0), Math.ceil(laid.height ?? 0)]
  const states = new Map(statesOf(definition).map(({ id, state }) => [id, state]))
  const body = [...boxes(laid, 0, 0, states, locale), ...arrows(laid, placesOf(laid))]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" direction="${locale === 'fa' ? 'rtl' : 'ltr'}" font-family="Vazirmatn, Tahoma, sans-serif" font-size="13">`,
    `<title>${escaped(definition.label[locale])}</title>`,
    '<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="#495057"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

const lineHeight = 17
/** No font is measured: a letter of either script takes this much at most. */
const letter = 7.4

function graphOf(definition: Definition, locale: 'fa' | 'en'): ElkNode {
  const node = (id: string, state: State): ElkNode => {
    const children = Object.entries(state.states ?? {}).map(([inner, child]) => node(`${id}.${inner}`, child))
    const label = { text: state.label[locale], width: state.label[locale].length * letter + 10, height: lineHeight }
    return {
      id,
      labels: [label],
      ...(children.length === 0
        ? { width: Math.max(90, label.width + 24), height: 44 }
        : { children, layoutOptions: { 'elk.padding': '[top=36,left=16,bottom=16,right=16]' } }),
    }
  }
  const edges = transitionsOf(definition).flatMap(({ source, trigger, transition }, i): ElkExtendedEdge[] => {
    if (transition.target === undefined || source === '') return []
    const text = (transition.label ?? triggerWords(trigger, definition))[locale]
    return [
      {
        id: `e${i}`,
        sources: [source],
        targets: [transition.target.slice(1)],
        labels: [{ text, width: text.length * letter + 6, height: lineHeight }],
      },
    ]
  })
  return {
    id: '',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': locale === 'fa' ? 'LEFT' : 'RIGHT',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.layered.spacing.nodeNodeBetweenLayers': '50',
      'elk.spacing.edgeLabel': '4',
      'elk.padding': '[top=20,left=20,bottom=20,right=20]',
    },
    children: Object.entries(definition.states).map(([key, state]) => node(key, state)),
    edges,
  }
}

function boxes(
  node: ElkNode,
  left: number,
  top: number,
  states: ReadonlyMap<string, State>,
  locale: 'fa' | 'en',
): string[] {
  return (node.children ?? []).flatMap((child) => {
    const [x, y, width, height] = [left + (child.x ?? 0), top + (child.y ?? 0), child.width ?? 0, child.height ?? 0]
    const state = states.get(child.id)
    const isGroup = child.children !== undefined
    const fill = isGroup ? '#f8f9fa' : (fills[state?.type ?? 'atomic'] ?? '#e7f5ff')
    const dash = state?.type === 'parallel' ? ' stroke-dasharray="6 4"' : ''
    const border = state?.type === 'final' ? 3 : 1.5
    return [
      `<g id="${escaped(child.id)}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="9" fill="${fill}" stroke="#495057" stroke-width="${border}"${dash}/>`,
      `<text x="${x + width / 2}" y="${isGroup ? y + 22 : y + height / 2 + 5}" text-anchor="middle"${isGroup ? ' font-weight="bold"' : ''}>${escaped(state?.label[locale] ?? child.id)}</text></g>`,
      ...boxes(child, x, y, states, locale),
    ]
  })
}

const fills: Record<string, string> = { final: '#d3f9d8', history: '#fff3bf' }

/** Corner of each node on the picture: ELK gives edges relative to the node that holds them. */
function placesOf(root: ElkNode): Map<string, { x: number; y: number }> {
  const places = new Map([['', { x: 0, y: 0 }]])
  const visit = (node: ElkNode, x: number, y: number): void => {
    for (const child of node.children ?? []) {
      const at = { x: x + (child.x ?? 0), y: y + (child.y ?? 0) }
      places.set(child.id, at)
      visit(child, at.x, at.y)
    }
  }
  visit(root, 0, 0)
  return places
}

function arrows(root: ElkNode, places: ReadonlyMap<string, { x: number; y: number }>): string[] {
  return (root.edges ?? []).flatMap((edge) => {
    const { x, y } = places.get((edge as { container?: string }).container ?? '') ?? { x: 0, y: 0 }
    const lines = (edge.sections ?? []).map(({ startPoint, bendPoints = [], endPoint }) => {
      const points = [startPoint, ...bendPoints, endPoint].map((point) => `${x + point.x} ${y + point.y}`)
      return `<path d="M${points.join(' L')}" fill="none" stroke="#495057" marker-end="url(#to)"/>`
    })
    const words = (edge.labels ?? []).map((label) => {
      const [cx, cy] = [x + (label.x ?? 0) + (label.width ?? 0) / 2, y + (label.y ?? 0) + 13]
      return `<text x="${cx}" y="${cy}" text-anchor="middle" fill="#495057" font-size="12">${escaped(label.text ?? '')}</text>`
    })
    return [...lines, ...words]
  })
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

import { findNodeAtLocation, type Node } from 'jsonc-parser'

/** `$.states.paid` + `on` = `$.states.paid.on`; numbers are array positions, and odd keys are quoted. */
export function at(path: string, ...segments: (string | number)[]): string {
  return segments.reduce<string>((sofar, segment) => {
    if (typeof segment === 'number') return `${sofar}[${segment}]`
    return /^[A-Za-z_][\w-]*$/.test(segment) ? `${sofar}.${segment}` : `${sofar}[${JSON.stringify(segment)}]`
  }, path)
}

/** The segments of a path made by `at`. */
export function segmentsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(([, key, index, quoted]) => {
    if (key !== undefined) return key
    return index === undefined ? (JSON.parse(quoted ?? '""') as string) : Number(index)
  })
}

/** Line and column (both from 1) of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: offset - lastBreak }
}

/** Where the deepest part of a path that exists stands in the text. */
export function locate(tree: Node, text: string, path: string): { line: number; column: number } {
  const segments = segmentsOf(path)
  for (let length = segments.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, segments.slice(0, length))
    if (node !== undefined) return positionOf(text, node.offset)
  }
  return positionOf(text, tree.offset)
}

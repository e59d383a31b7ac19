const maxLength = 256
/** Ways a backtracking engine may have to try on a string of 1,000 characters. */
const maxWays = 4_000_000
const unboundedWays = 1000

/**
 * Why a regular expression may not come from a definition; undefined when it may (E36, reliability A10). Taken: literals,
 * classes, the escapes \d \w \s, anchors, groups, alternation outside a repeated group, and at most two unbounded
 * repetitions; whatever repeats a variable number of times must be anchored at the start.
 */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > maxLength) return `longer than ${maxLength} characters`
  if (!isRegExp(pattern)) return 'not a regular expression'
  const groups: { risky: boolean }[] = []
  let closed: { risky: boolean } | undefined
  let ways = 1
  let unbounded = 0
  let alternatives = 0
  let openAlternative = false
  for (let i = 0; i < pattern.length; ) {
    const rest = pattern.slice(i)
    const quantifier = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(rest)
    if (quantifier !== null) {
      const { open, spread } = rangeOf(quantifier)
      if (closed?.risky === true) return 'a group with repetition or alternatives is repeated'
      if (spread > 1) for (const group of groups) group.risky = true
      if (open) unbounded += 1
      ways *= spread
      closed = undefined
      i += quantifier[0].length
      continue
    }
    closed = undefined
    if (rest.startsWith('(')) {
      const opening = /^\((?:\?:|\?<[A-Za-z]\w*>)?/.exec(rest)?.[0] ?? '('
      if (rest[opening.length] === '?' || /^\(\?(?:[=!]|<[=!])/.test(rest)) return 'look-around'
      groups.push({ risky: false })
      i += opening.length
    } else if (rest.startsWith(')')) {
      closed = groups.pop()
      i += 1
    } else if (rest.startsWith('|')) {
      for (const group of groups) group.risky = true
      alternatives += 1
      openAlternative ||= groups.length === 0
      i += 1
    } else if (rest.startsWith('\\')) {
      if (/^\\[1-9k]/.test(rest)) return 'a reference back'
      i +=
        /^\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|p\{[^}]*\}|P\{[^}]*\}|.)/.exec(rest)?.[0].length ?? 2
    } else if (rest.startsWith('[')) i += /^\[(?:\\.|[^\]\\])*\]/.exec(rest)?.[0].length ?? 1
    else i += 1
  }
  if (unbounded > 2) return 'more than two unbounded repetitions'
  if (ways * (alternatives + 1) > maxWays) return 'too many ways to match'
  if (ways > 1 && (!pattern.startsWith('^') || openAlternative)) return 'not anchored at the start (^)'
  return undefined
}

/** How many lengths a repetition can take, and whether it has no end. */
function rangeOf([text, from, comma, to]: RegExpExecArray): { open: boolean; spread: number } {
  if (text.startsWith('?')) return { open: false, spread: 2 }
  if (from === undefined || (comma !== undefined && to === '')) return { open: true, spread: unboundedWays }
  const spread = comma === undefined ? 1 : Number(to) - Number(from) + 1
  return { open: spread >= unboundedWays, spread }
}

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== ''
  } catch {
    return false
  }
}

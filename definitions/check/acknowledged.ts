import type { Text } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import type { Definition } from '../format.ts'
import type { Finding } from './finding.ts'

/** A warning that somebody has read, and why it may stand. `path` is the place of the warning, or one that holds it; `$` covers all of a rule. */
export interface Acknowledgement<Reason = Text> {
  rule: string
  path: string
  reason: Reason
}

/** The acknowledgements that a definition brings along (`meta.acknowledged`); entries of another form are none. */
export function acknowledgementsOf({ meta }: Pick<Definition, 'meta'>): Acknowledgement[] {
  const list = meta?.['acknowledged']
  return Array.isArray(list) ? list.filter(isOne) : []
}

/** The first acknowledgement that covers a warning. */
export function acknowledgementFor<Reason>(
  finding: Finding,
  list: readonly Acknowledgement<Reason>[],
): Acknowledgement<Reason> | undefined {
  return list.find(
    ({ rule, path }) =>
      rule === finding.rule &&
      (finding.path === path || (finding.path.startsWith(path) && /^[.[]/.test(finding.path.slice(path.length)))),
  )
}

const isOne = (value: Json): value is never => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const { rule, path, reason } = value
  return (
    typeof rule === 'string' &&
    typeof path === 'string' &&
    reason !== null &&
    typeof reason === 'object' &&
    !Array.isArray(reason) &&
    typeof reason['fa'] === 'string' &&
    typeof reason['en'] === 'string'
  )
}

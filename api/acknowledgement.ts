import { z } from 'zod'
import { acknowledgementFor } from '../definitions/check/acknowledged.ts'
import type { Finding } from '../definitions/check/finding.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { Problem } from './problem.ts'

/** A warning that may stand. `path` is its place, or one that holds it; `$` is all of a rule. */
export const acknowledgement = z.strictObject({
  rule: z.string().regex(/^W\d{2}$/),
  path: z.string().min(1).max(500),
  reason: z.string().trim().min(5).max(1000),
})

/**
 * The warnings of a text as they are kept with the version: rule, place, reason, and who gave it (null: the text itself).
 * Throws Problem 422 `NotAcknowledged` with those for which nobody has.
 */
export function standingWarnings(
  findings: readonly Finding[],
  given: z.output<typeof acknowledgement>[],
  by: string,
): JsonObject[] {
  const standing: JsonObject[] = []
  const open: Finding[] = []
  for (const finding of findings.filter(({ severity }) => severity === 'warning')) {
    const { rule, path, acknowledged } = finding
    const here = acknowledgementFor(finding, given)
    if (here !== undefined) standing.push({ rule, path, reason: here.reason, by })
    else if (acknowledged !== undefined)
      standing.push({ rule, path, reason: { fa: acknowledged.fa, en: acknowledged.en }, by: null })
    else open.push(finding)
  }
  if (open.length === 0) return standing
  throw new Problem(
    422,
    'NotAcknowledged',
    {
      fa: 'هشدارهایی مانده که کسی با دلیل تایید نکرده است',
      en: 'Some warnings have not been acknowledged with a reason',
    },
    {
      errors: open.slice(0, 50).map(({ rule, path, message }) => ({
        place: path,
        fa: `${rule}: ${message.fa}`,
        en: `${rule}: ${message.en}`,
      })),
      more: { findings: JSON.parse(JSON.stringify(open.slice(0, 200))) as Json },
    },
  )
}

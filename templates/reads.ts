import { DomainError } from '../domain/errors.ts'
import type { TemplateText } from './files.ts'
import { variablesOf } from './syntax.ts'

/** What a text reads and whether it says anything; one that cannot be parsed is told where it is written, and reads nothing here. */
export function readsOf(text: TemplateText): { reads: string[]; empty: boolean } {
  const empty = text.body.trim() === ''
  try {
    return { reads: variablesOf(`${text.subject ?? ''}${text.body}`), empty }
  } catch (fault) {
    if (fault instanceof DomainError) return { reads: [], empty }
    throw fault
  }
}

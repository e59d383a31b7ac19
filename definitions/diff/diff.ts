import { explore } from '../check/explore.ts'
import { type Catalogues, compile } from '../compile.ts'
import type { Definition } from '../format.ts'
import { type Behaviour, behaviourOf } from './behaviour.ts'
import { type Change, compareItems } from './compare.ts'

/** Two versions compared: every part that was added, removed or changed, and what the process can do now and could not before. */
export interface DefinitionDiff {
  changes: Change[]
  behaviour: Behaviour
}

/**
 * What a reviewer reads before publication. Both definitions must have passed the checks; ends in DomainError
 * `UnknownName` where one of them leans on a calendar that is not there. Pure; the ADSL order takes well under a second.
 */
export function diffDefinitions(from: Definition, to: Definition, catalogues: Catalogues): DefinitionDiff {
  return {
    changes: compareItems(from, to),
    behaviour: behaviourOf(explore(compile(from, catalogues, '')), explore(compile(to, catalogues, ''))),
  }
}

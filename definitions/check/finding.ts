import type { BusinessCalendar } from '../../domain/business-calendar.ts'
import type { Text } from '../../domain/errors.ts'
import type { ActivityEntry } from '../catalogue/activities.ts'
import type { SourceQuery } from '../catalogue/sources.ts'
import type { Definition } from '../format.ts'

/** What a check found. `path` is a place in the document (`$.states.paid.on.CANCEL[0]`); errors block publication. */
export interface Finding {
  rule: RuleId
  severity: 'error' | 'warning' | 'info'
  path: string
  message: Text
  /** Shortest road through the graph that shows the fault, from the start. */
  counterExample?: RoadStep[]
  /** A value that shows the fault. */
  witness?: string
  line?: number
  column?: number
  /** Of a warning that the definition itself acknowledges (`meta.acknowledged`): why it may stand. */
  acknowledged?: Text
}

/** One step of a road: what happened, and the active leaf states after it. */
export interface RoadStep {
  stimulus: string
  to: string[]
}

/** What a definition may lean on. All of it is data of the caller, so that the same check runs in API, CLI and browser. */
export interface CheckCatalogues {
  activities: Record<string, ActivityEntry>
  roles: Record<string, Text>
  calendars: Record<string, BusinessCalendar>
  sources: Record<string, Record<string, SourceQuery>>
  /** Template name -> channels that have a Persian and an English text. */
  templates: Record<string, string[]>
  /** Ids of definitions that may be started. Where the list is not complete, an unknown one is only a warning. */
  processes: { known: string[]; complete: boolean }
  /** `template.channel` -> what its texts read, by language. Where it is not given, texts are not looked into. */
  texts?: Record<string, { locale: 'fa' | 'en'; reads: string[]; empty: boolean }[]>
  /** Published versions that orders may run by, and how many orders are in which of their states. Where it is not given, migrations are checked against nothing. */
  earlier?: EarlierVersion[]
}

/** A version before the one that is checked. `occupied`: leaf state -> orders in it now. */
export interface EarlierVersion {
  version: number
  definition: Definition
  occupied: Record<string, number>
}

/** What the rules look at once the document has the form of a definition. */
export interface Subject {
  definition: Definition
  catalogues: CheckCatalogues
}

/** `E` blocks publication, `W` must be acknowledged, `I` informs. check/rules holds one file for each. */
export type RuleId = `${'E' | 'W' | 'I'}${number}`

type More = Pick<Finding, 'counterExample' | 'witness'>

/** A finding that blocks publication. */
export function error(rule: RuleId, path: string, message: Text, more: More = {}): Finding {
  return { rule, severity: 'error', path, message, ...more }
}

/** A finding that must be acknowledged, and blocks nothing. */
export function warning(rule: RuleId, path: string, message: Text, more: More = {}): Finding {
  return { rule, severity: 'warning', path, message, ...more }
}

/** A finding that only tells something. */
export function info(rule: RuleId, path: string, message: Text, more: More = {}): Finding {
  return { rule, severity: 'info', path, message, ...more }
}

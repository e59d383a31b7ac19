import type { JsonObject } from '../../domain/json.ts'
import { underscored } from '../interpreter/draft.ts'
import type { TypeOf } from './cells.ts'
import type { Subject } from './finding.ts'
import { invokesOf, statesOf } from './walk.ts'

/** What a child process answers with. */
const childAnswer: JsonObject = {
  type: 'object',
  required: ['outcome', 'kind', 'context'],
  properties: {
    outcome: { type: 'string' },
    kind: { enum: ['success', 'failure', 'cancelled'] },
    context: { type: 'object' },
  },
}

/** The schema of each fact where a trigger is in hand: `event` and `output` depend on it, the rest does not. */
export function typeOfFacts({ definition, catalogues }: Subject, trigger: string): TypeOf {
  const [kind = '', name = ''] = trigger.split(/:(.*)/s)
  return (fact) => {
    switch (fact) {
      case 'ctx':
        return withInitial(definition)
      case 'visits':
        return visitsOf(definition)
      case 'event': {
        const event = kind === 'on' && Object.hasOwn(definition.events, name) ? definition.events[name] : undefined
        if (event?.form !== undefined) return definition.forms?.[event.form]?.schema
        return event?.payload
      }
      case 'output': {
        if (kind !== 'done') return undefined
        const call = invokesOf(definition).find(({ value }) => value.id === name)?.value
        if (call?.process !== undefined) return childAnswer
        return call?.activity === undefined ? undefined : catalogues.activities[call.activity]?.output
      }
      default:
        return definition.facts !== undefined && Object.hasOwn(definition.facts, fact)
          ? definition.facts[fact]?.type
          : undefined
    }
  }
}

/** A variable with an initial value is always there; whether it may be null is for its type to say. */
function withInitial({ context: { schema, initial = {} } }: Subject['definition']) {
  if (typeof schema === 'boolean') return schema
  const required = (schema['required'] ?? []) as string[]
  return { ...schema, required: [...new Set([...required, ...Object.keys(initial)])] }
}

function visitsOf(definition: Subject['definition']): JsonObject {
  const names = statesOf(definition).map(({ id }) => underscored(id))
  return {
    type: 'object',
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { type: 'integer', minimum: 0 }])),
  }
}

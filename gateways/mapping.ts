import { z } from 'zod'
import { NotConfigured } from './errors.ts'
import { type Http, type HttpCall, readJson, rubbish } from './http.ts'

/**
 * How a vendor's JSON web service carries one of our operations, taken from the document the customer has:
 * `path` under the base address, `send` = their field -> our dotted path in the arguments, `receive` = our dotted
 * field -> their dotted path in the answer, `absent` = how they say that the thing doesn't exist.
 */
const mappedOperation = z.object({
  path: z.string(),
  effect: z.enum(['read', 'write']),
  send: z.record(z.string(), z.string()),
  receive: z.record(z.string(), z.string()).default({}),
  absent: z.object({ path: z.string(), equals: z.union([z.string(), z.number(), z.boolean()]) }).optional(),
  refused: z.object({ path: z.string(), success: z.union([z.string(), z.number(), z.boolean()]) }).optional(),
})

export const mappedService = z.object({
  url: z.url().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  operations: z.record(z.string(), mappedOperation).default({}),
})
type MappedService = z.output<typeof mappedService>

export interface MappedCallDeps {
  system: string
  service: MappedService
  /** Every operation of the port, so that one refusal names all that is missing. */
  operations: readonly string[]
  http: Http
  refuse: (vendor: { code: string; text: string }) => Error
}

/**
 * Calls a vendor whose protocol we only know by the customer's mapping. Ends in NotConfigured, naming what is missing,
 * until the address and the mapping of the operation are given; nothing is ever guessed.
 */
export function createMappedCall({ system, service, operations, http, refuse }: MappedCallDeps) {
  return async <S extends z.ZodType>(name: string, args: Record<string, unknown>, schema: S): Promise<z.output<S>> => {
    const operation = service.operations[name]
    if (service.url === undefined || operation === undefined) {
      const unmapped = operations.filter((o) => service.operations[o] === undefined).map((o) => `operations.${o}`)
      throw new NotConfigured(system, [...(service.url === undefined ? ['url'] : []), ...unmapped])
    }
    const call: HttpCall = {
      system,
      effect: operation.effect,
      method: 'POST',
      url: new URL(operation.path, service.url).toString(),
      headers: { 'content-type': 'application/json', ...service.headers },
      body: JSON.stringify(
        Object.fromEntries(Object.entries(operation.send).map(([theirs, ours]) => [theirs, at(args, ours)])),
        (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
      ),
    }
    const answer = readJson(call, await http(call), z.record(z.string(), z.unknown()))
    const { absent, refused } = operation
    if (absent && at(answer, absent.path) === absent.equals) return schema.parse(null)
    if (refused && at(answer, refused.path) !== refused.success) {
      throw refuse({ code: String(at(answer, refused.path)), text: '' })
    }
    const result = schema.safeParse(
      Object.keys(operation.receive).length === 0 ? undefined : gather(answer, operation.receive),
    )
    if (!result.success) throw rubbish(call, `${name}: ${result.error.issues.map((i) => i.path.join('.')).join(', ')}`)
    return result.data
  }
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((v, key) => (isRecord(v) ? v[key] : undefined), value)
}

function gather(answer: Record<string, unknown>, receive: Record<string, string>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [ours, theirs] of Object.entries(receive)) {
    const keys = ours.split('.')
    const last = keys.pop() ?? ours
    let place = result
    for (const key of keys) {
      const next = isRecord(place[key]) ? place[key] : {}
      place[key] = next
      place = next
    }
    place[last] = at(answer, theirs)
  }
  return result
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

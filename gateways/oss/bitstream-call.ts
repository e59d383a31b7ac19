import { z } from 'zod'
import { type RefusalCode, Refused, Unavailable } from '../errors.ts'
import { type Http, type HttpCall, readJson, rubbish } from '../http.ts'

const envelope = z.object({
  result: z.object({ errcode: z.number(), errmsg: z.string().catch(''), data: z.unknown() }).nullish(),
  error: z.unknown(),
})

export type BitstreamCall = <S extends z.ZodType>(
  effect: HttpCall['effect'],
  method: string,
  params: Record<string, unknown>,
  schema: S,
) => Promise<z.output<S>>

/** One call of the dialect (contract oss.md 2): a positional array with one object; success only if `errcode` is 0. */
export function createBitstreamCall(
  config: { url: string; auth: string; vspId: number; refusalOf: (errcode: number) => RefusalCode },
  http: Http,
): BitstreamCall {
  return async (effect, method, params, schema) => {
    const call: HttpCall = {
      system: 'oss',
      effect,
      method: 'POST',
      url: config.url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method, params: [{ auth: config.auth, vspid: config.vspId, ...params }], id: 1 }),
    }
    const { result, error } = readJson(call, await http(call), envelope)
    if (error !== null && error !== undefined)
      throw new Unavailable('oss', `${method}: protocol error ${JSON.stringify(error)}`)
    if (!result) throw rubbish(call, `${method} has no result`)
    if (result.errcode !== 0) {
      throw new Refused('oss', config.refusalOf(result.errcode), { code: String(result.errcode), text: result.errmsg })
    }
    const data = schema.safeParse(result.data)
    if (!data.success) throw rubbish(call, `${method} answered another shape`)
    return data.data
  }
}

import { z } from 'zod'
import { type RefusalCode, Refused, Unavailable } from '../errors.ts'
import { type Http, type HttpCall, readJson, rubbish } from '../http.ts'

/** `KEY|message` of IBSng in our words (contract aaa.md 3); what is not here is OTHER. */
const refusals: Record<string, RefusalCode> = {
  USER_NOT_FOUND: 'NOT_FOUND',
  USERID_DOESNT_EXISTS: 'NOT_FOUND',
  NORMAL_USERNAME_DOESNT_EXISTS: 'NOT_FOUND',
  NORMAL_USERNAME_EXISTS: 'DUPLICATE',
  DUPLICATE_USERNAME: 'DUPLICATE',
  DUPLICATE_MAC: 'DUPLICATE',
  NO_SUCH_ADMIN: 'AUTH',
  INCORRECT_PASSWORD: 'AUTH',
  ADMIN_LOCKED: 'AUTH',
  ADDRESS_BANNED: 'AUTH',
  ACCESS_DENIED: 'FORBIDDEN',
  ACCESS_TO_USER_DENIED: 'FORBIDDEN',
  INCOMPLETE_REQUEST: 'VALIDATION',
  CREDIT_NOT_FLOAT: 'VALIDATION',
  INVALID_ABS_EXP_DATE: 'VALIDATION',
  BAD_NORMAL_USERNAME: 'VALIDATION',
  BAD_PASSWORD: 'VALIDATION',
  INVALID_MULTI_LOGIN: 'VALIDATION',
  INVALID_MAC_ADDRESS: 'VALIDATION',
  INVALID_IP_ADDRESS: 'VALIDATION',
  ATTR_NOT_FOUND: 'VALIDATION',
  UNREGISTERED_ATTRIBUTE: 'VALIDATION',
  GROUP_NAME_INVALID: 'VALIDATION',
  DELETE_USER_IS_ONLINE: 'ONLINE',
  CAN_NOT_NEGATE_CREDIT: 'INSUFFICIENT',
  NEGATIVE_DEPOSIT_NOT_ALLOWED: 'INSUFFICIENT',
  NOT_ONLINE: 'NOT_FOUND',
  CANT_FIND_INSTANCE: 'NOT_FOUND',
}

const envelope = z.object({ result: z.unknown(), error: z.union([z.string(), z.null()]) })

export type IbsngCall = <S extends z.ZodType>(
  effect: HttpCall['effect'],
  method: string,
  params: Record<string, unknown>,
  schema: S,
) => Promise<z.output<S>>

/** One JSON-RPC call with the admin's credentials in it. INTERNAL_ERROR is Unavailable, other errors are Refused. */
export function createIbsngCall(config: { url: string; admin: string; password: string }, http: Http): IbsngCall {
  return async (effect, method, params, schema) => {
    const call: HttpCall = {
      system: 'aaa',
      effect,
      method: 'POST',
      url: config.url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        method,
        params: {
          auth_type: 'ADMIN',
          auth_name: config.admin,
          auth_pass: config.password,
          date_type: 'gregorian',
          ...params,
        },
      }),
    }
    const { result, error } = readJson(call, await http(call), envelope)
    if (error !== null) throw refusalOf(error)
    const parsed = schema.safeParse(result)
    if (!parsed.success) throw rubbish(call, `${method} answered another shape`)
    return parsed.data
  }
}

function refusalOf(error: string): Refused | Unavailable {
  const bar = error.indexOf('|')
  const key = bar < 0 ? error : error.slice(0, bar)
  if (key === 'INTERNAL_ERROR') return new Unavailable('aaa', error)
  return new Refused('aaa', refusals[key] ?? 'OTHER', { code: key, text: bar < 0 ? '' : error.slice(bar + 1) })
}

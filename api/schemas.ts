import { z } from 'zod'
import { parsePhone } from '../domain/identity.ts'

/** Shapes that several routes speak. */

/** Ids are ours: letters, digits and a few marks, so that none can mean anything in a path, a log or a query. */
export const id = z.string().regex(/^[\w.:-]{1,100}$/)
export const byId = z.strictObject({ id })
export const text = z.object({ fa: z.string(), en: z.string() })
export const textInput = z.strictObject({
  fa: z.string().trim().min(1).max(200),
  en: z.string().trim().min(1).max(200),
})
export const instantInput = z.iso.datetime({ offset: true })
/** An ISO instant. */
export const instant = z.string()
/** Any JSON value. */
export const json = z.unknown()
export const jsonObject = z.record(z.string(), z.unknown())
/** Whole Rials. */
export const rial = z.int()
export const limit = z.coerce.number().int().min(1).max(200).default(50)
export const flag = z.stringbool()
/** What people look for; folded before it is compared. */
export const searchWords = z.string().trim().min(1).max(100)
/** A name as people write it: no control or direction marks, which could forge another line. */
export const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u)
/** An Iranian mobile number in any spelling, as `+98…`. */
export const mobile = z
  .string()
  .max(30)
  .transform((given, context) => {
    const number = mobileOf(given)
    if (number === undefined) context.addIssue({ code: 'custom', message: 'not a mobile number' })
    return number ?? z.NEVER
  })
export const done = z.object({ done: z.literal(true) })

function mobileOf(given: string): string | undefined {
  try {
    const { number, kind } = parsePhone(given)
    return kind === 'mobile' ? number : undefined
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import type { Response } from 'express'
import { z } from 'zod'
import { receive } from '../../db/inbox.ts'
import { attemptByPathToken } from '../../db/payments.ts'
import { notFound } from '../problem.ts'
import { type Context, publicRoute, type Route } from '../route.ts'

const params = z.strictObject({
  gateway: z.string().regex(/^[\w-]{1,50}$/),
  pathToken: z.string().regex(/^[\w-]{20,64}$/),
})
/** Banks add fields as they like: all are kept as text, none is believed. */
const fields = z.record(z.string().max(100), z.string().max(2_000)).refine((value) => Object.keys(value).length <= 100)
const summary =
  'Where a bank sends the payer back to: kept in the inbox and believed by nobody; the bank itself is asked afterwards'

/** The payer's browser comes back from a bank (A1, F8). */
export const callbackRoutes: Route[] = [
  publicRoute({
    method: 'get',
    path: '/v1/callbacks/:gateway/:pathToken',
    summary,
    input: { params, query: z.object({}).catchall(z.string().max(2_000)) },
    output: { raw: 'text/html' },
    handler: async (context) => callback(context, 'GET', context.query),
  }),
  publicRoute({
    method: 'post',
    path: '/v1/callbacks/:gateway/:pathToken',
    summary,
    input: { params, query: z.object({}).catchall(z.string().max(2_000)), body: fields },
    output: { raw: 'text/html' },
    accepts: { kind: 'form', limitBytes: 64 * 1024 },
    handler: async (context) => callback(context, 'POST', { ...context.query, ...context.body }),
  }),
]

async function callback(
  { deps, params: { gateway, pathToken }, now, res }: Context<z.output<typeof params>, unknown, unknown, null>,
  method: 'GET' | 'POST',
  given: Record<string, string>,
): Promise<void> {
  const attempt = await attemptByPathToken(deps.db, pathToken)
  if (attempt === null || attempt.gateway !== gateway || !Object.hasOwn(deps.payments, gateway)) throw notFound()
  const payload = { attemptId: attempt.id, method, fields: given, at: now.toISOString() }
  // The same callback again is one; another word of the same bank on the same attempt is kept beside it.
  const digest = createHash('sha256')
    .update(
      JSON.stringify([
        method,
        Object.keys(given)
          .sort()
          .map((name) => [name, given[name]]),
      ]),
    )
    .digest('hex')
  const key = `${attempt.id}:${digest}`
  await deps.db.transaction((tx) =>
    receive(tx, { source: `payment:${gateway}`, key, orderId: attempt.orderId, payload }, [
      { kind: 'callback', key: `callback:${key}`, attemptId: String(attempt.id), fields: given },
    ]),
  )
  page(res, attempt.orderId)
}

/** A page of our own, without a script, that promises nothing: whether money came is not known yet. */
function page(res: Response, orderId: string | null): void {
  const link = orderId === null ? '/' : `/orders/${encodeURIComponent(orderId)}`
  res.status(200)
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.end(`<!doctype html>
<html lang="fa" dir="rtl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5; url=${link}"><title>بررسی پرداخت</title></head>
<body><main><h1>پرداخت شما در حال بررسی است</h1>
<p>نتیجه را از خود بانک می‌پرسیم و در صفحهٔ سفارش نشان می‌دهیم. اگر مبلغی کم شده باشد گم نمی‌شود.</p>
<p><a href="${link}">بازگشت به سفارش</a></p>
<div lang="en" dir="ltr"><h2>Your payment is being checked</h2>
<p>We ask the bank itself and show the result on the page of the order. Money that was taken is not lost.</p>
<p><a href="${link}">Back to the order</a></p></div></main></body></html>
`)
}

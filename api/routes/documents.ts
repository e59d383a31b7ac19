import type { Response } from 'express'
import { z } from 'zod'
import { audit } from '../../db/audit.ts'
import { customerById } from '../../db/customers.ts'
import { documentById, documentsOf, saveDocument } from '../../db/documents.ts'
import { fileName, mediaTypes, typeOf } from '../file-types.ts'
import { mustFind } from '../found-order.ts'
import { badInput, notFound, Problem } from '../problem.ts'
import { type Context, Reply, type Route, route } from '../route.ts'
import { byId, instant } from '../schemas.ts'

export const documentShape = z.object({
  id: z.string(),
  orderId: z.string().nullable(),
  customerId: z.string().nullable(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  uploadedBy: z.string(),
  at: instant,
})

const upload = {
  params: byId,
  query: z.strictObject({ name: z.string().min(1).max(1_000) }),
  body: z.instanceof(Buffer).meta({ type: 'string', format: 'binary', description: mediaTypes.join(', ') }),
}
const accepts = { kind: 'bytes', limitBytes: 10 * 1024 * 1024 } as const
const made = z.object({ id: z.string(), name: z.string(), mediaType: z.string(), bytes: z.int() })

/** Files of orders and customers (WF11): raw bodies of at most 10 MB, of a kind that their first bytes prove. */
export const documentRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/orders/:id/documents',
    summary: 'Documents of an order',
    auth: 'documents.read',
    input: { params: byId },
    output: z.object({ documents: z.array(documentShape) }),
    async handler({ params, inReach }) {
      return inReach(async (tx) => {
        await mustFind(tx, params.id)
        return { documents: await documentsOf(tx, { orderId: params.id }) }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/orders/:id/documents',
    summary: 'Attach a file to an order: the raw bytes as body, the name in the query',
    auth: 'documents.write',
    input: upload,
    output: made,
    status: 201,
    accepts,
    async handler(context) {
      const order = await context.inReach((tx) => mustFind(tx, context.params.id))
      return keep(context, { orderId: order.id, customerId: order.customerId })
    },
  }),
  route({
    method: 'post',
    path: '/v1/customers/:id/documents',
    summary: 'Attach a file to a customer: the raw bytes as body, the name in the query',
    auth: 'documents.write',
    input: upload,
    output: made,
    status: 201,
    accepts,
    async handler(context) {
      const customer = await context.inReach((tx) => customerById(tx, context.params.id))
      if (customer === null) throw notFound()
      return keep(context, { orderId: null, customerId: customer.id })
    },
  }),
  route({
    method: 'get',
    path: '/v1/documents/:id',
    summary: 'Download a document',
    auth: 'documents.read',
    input: { params: byId },
    output: { raw: 'application/octet-stream' },
    async handler({ params, res, inReach }) {
      const document = await inReach((tx) => documentById(tx, params.id))
      if (document === null) throw notFound()
      download(res, document.name, document.mediaType, document.content)
    },
  }),
]

async function keep(
  { who, query, body, newId, now, ip, inReach }: Context<unknown, { name: string }, Buffer>,
  of: { orderId: string | null; customerId: string | null },
): Promise<Reply<z.input<typeof made>>> {
  if (body.length === 0) throw badInput([{ place: '$.body', fa: 'پرونده خالی است', en: 'the file is empty' }])
  const mediaType = typeOf(body)
  if (mediaType === undefined)
    throw new Problem(415, 'UnsupportedFile', {
      fa: 'تنها PDF و تصویرهای PNG، JPEG و WebP پذیرفته می‌شود',
      en: `Only ${mediaTypes.join(', ')} are accepted, judged by their first bytes`,
    })
  const document = {
    ...of,
    id: newId('d'),
    name: fileName(query.name, mediaType),
    mediaType,
  }
  await inReach(async (tx) => {
    await saveDocument(tx, { ...document, content: body, uploadedBy: who.id })
    await audit(tx, {
      at: now.toISOString(),
      actor: who.id,
      action: 'document.add',
      entity: 'document',
      entityId: document.id,
      detail: of,
      ip,
    })
  })
  return new Reply(201, { ...document, bytes: body.length }, { Location: `/v1/documents/${document.id}` })
}

/** Never shown in our own page: a picture that is also a script stays a file. */
function download(res: Response, name: string, mediaType: string, content: Uint8Array): void {
  const plain = name.replace(/[^\w.-]+/g, '_')
  res.setHeader('Content-Type', mediaType)
  res.setHeader('Content-Disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeRfc8187(name)}`)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.setHeader('Cache-Control', 'private, no-store')
  res.end(content)
}

function encodeRfc8187(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

import type { Db } from '../db/client.ts'
import { contactFor, customerById } from '../db/customers.ts'
import { markMessageFailed, markMessageSent, recordMessage, templateText } from '../db/messages.ts'
import { type Order, orderById } from '../db/orders.ts'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import type { EmailChannel, SmsChannel } from '../gateways/channel/port.ts'
import { smsSegments } from '../gateways/channel/segments.ts'
import { Refused } from '../gateways/errors.ts'
import type { TemplateFiles } from '../templates/files.ts'
import type { Renderer } from '../templates/renderer.ts'
import type { Carrier } from './relay.ts'

export interface MessageDeps {
  db: Db
  sms: SmsChannel
  email: EmailChannel
  files: TemplateFiles
  renderer: Renderer
  now: () => number
}

const maxSlowTries = 4

type Locale = 'fa' | 'en'
interface Recipient {
  address: string
  name?: string
  locale: Locale
}

/**
 * Sends a message by each of its channels: the administrator's text before the one of the files, in the recipient's
 * language. The row is kept before the provider hears of it, and its key is the provider's dedupe key, so that a repeat
 * sends nothing twice. Whom nobody can reach is on record as suppressed, a text that cannot be rendered as failed with the
 * reason; the other channels go on.
 */
export function createMessage(deps: MessageDeps): Carrier<'message'> {
  const { db, files, renderer, now } = deps

  async function textOf(
    template: string,
    channel: string,
    locale: Locale,
  ): Promise<{ subject: string | null; body: string } | null> {
    const edited = await templateText(db, template, channel, locale)
    return edited ?? files.find(template, channel, locale)
  }

  /** The text filled in, or why it cannot be. A slow machine is given another try before the text is blamed. */
  async function filled(
    text: { subject: string | null; body: string },
    data: JsonObject,
    locale: Locale,
    attempts: number,
  ): Promise<{ subject: string | null; body: string } | { fault: string }> {
    try {
      const subject = text.subject === null ? null : await renderer.render({ text: text.subject, data, locale })
      return { subject, body: await renderer.render({ text: text.body, data, locale }) }
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'RendererBusy') throw error
      if (error.code === 'TemplateTooSlow' && attempts < maxSlowTries) throw error
      return { fault: error.place === undefined ? error.message : `${error.message} (${error.place})` }
    }
  }

  return async (entry, { orderId, attempts }) => {
    const order = orderId === null ? null : await orderById(db, orderId)
    const data = await dataFor(db, order, entry.data)
    const failures: string[] = []
    for (const channel of entry.channels) {
      const recipient = await recipientOf(db, order, entry.to, channel)
      const locale = recipient?.locale ?? 'fa'
      const text = await textOf(entry.template, channel, locale)
      const told = text === null ? { fault: 'no text' } : await filled(text, data, locale, attempts)
      const { subject, body } = 'fault' in told ? { subject: null, body: '' } : told
      const { message } = await recordMessage(db, {
        key: `${entry.key}/${channel}`,
        orderId,
        channel,
        template: entry.template,
        locale,
        recipient: recipient?.address ?? entry.to,
        body,
        segments: channel === 'sms' ? smsSegments(body).parts : 1,
        subject,
        ...(text === null || recipient === null
          ? { state: 'suppressed' as const, error: text === null ? 'no text' : 'no address' }
          : 'fault' in told
            ? { state: 'failed' as const, error: told.fault }
            : {}),
      })
      if (message.state !== 'waiting' || recipient === null) continue
      try {
        const providerId = await send(deps, channel, recipient, { subject: subject ?? '', body }, message.key)
        await markMessageSent(db, message.id, providerId, new Date(now()).toISOString())
      } catch (error) {
        await markMessageFailed(db, message.id, String(error), error instanceof Refused)
        if (!(error instanceof Refused)) failures.push(String(error))
      }
    }
    if (failures.length > 0) throw new Error(failures.join('; '))
  }
}

async function send(
  { sms, email }: MessageDeps,
  channel: string,
  to: Recipient,
  text: { subject: string; body: string },
  dedupeKey: string,
): Promise<string | null> {
  if (channel === 'sms') return (await sms.send({ to: to.address, text: text.body, dedupeKey })).providerId
  if (channel === 'email') {
    const address = { address: to.address, ...(to.name === undefined ? {} : { name: to.name }) }
    return (await email.send({ to: address, subject: text.subject, text: text.body, language: to.locale, dedupeKey }))
      .providerId
  }
  return null // `inbox`: the row itself is the message
}

/** Staff and resellers have an inbox; customers are reached where their record says. */
async function recipientOf(db: Db, order: Order | null, to: string, channel: string): Promise<Recipient | null> {
  if (channel === 'inbox')
    return {
      address: to === 'technician' ? (order?.technicianId ?? to) : to === 'reseller' ? (order?.partnerId ?? to) : to,
      locale: 'fa',
    }
  if (to !== 'customer' || order?.customerId == null) return null
  const customer = await customerById(db, order.customerId)
  const contact = await contactFor(db, order.customerId, channel === 'email' ? 'email' : 'mobile', order.productId)
  return customer === null || contact === null
    ? null
    : { address: contact.value, name: customer.name, locale: customer.locale }
}

async function dataFor(db: Db, order: Order | null, data: JsonObject): Promise<JsonObject> {
  const customer = order?.customerId == null ? null : await customerById(db, order.customerId)
  return { ...data, orderNumber: order?.number ?? '', customerName: customer?.name ?? '', phone: order?.phone ?? '' }
}

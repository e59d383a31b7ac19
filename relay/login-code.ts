import type { Db } from '../db/client.ts'
import { loginCodeOf, receiverOfCode } from '../db/login-codes.ts'
import { markMessageFailed, markMessageSent, recordMessage, templateText } from '../db/messages.ts'
import type { SmsChannel } from '../gateways/channel/port.ts'
import { smsSegments } from '../gateways/channel/segments.ts'
import { Refused } from '../gateways/errors.ts'
import type { TemplateFiles } from '../templates/files.ts'
import type { Renderer } from '../templates/renderer.ts'
import type { Carrier } from './relay.ts'

const template = 'login.code'

/**
 * Sends a one-time code by SMS while it is still worth something. The record of the message holds the text with the code
 * blacked out; a repeat sends nothing twice.
 */
export function createLoginCode({
  db,
  sms,
  files,
  renderer,
  secret,
  now,
}: {
  db: Db
  sms: SmsChannel
  files: TemplateFiles
  renderer: Renderer
  secret: string
  now: () => number
}): Carrier<'loginCode'> {
  return async ({ key, codeId, mobile }) => {
    const receiver = await receiverOfCode(db, { mobile, codeId, now: new Date(now()).toISOString() })
    if (receiver === null) return
    const { locale } = receiver
    const text = (await templateText(db, template, 'sms', locale)) ?? files.find(template, 'sms', locale)
    if (text === null) throw new Error(`${template} has no text`)
    const filled = (code: string) => renderer.render({ text: text.body, data: { code, minutes: 2 }, locale })
    const body = await filled(loginCodeOf(secret, codeId))
    const { message } = await recordMessage(db, {
      key: `${key}/sms`,
      orderId: null,
      channel: 'sms',
      template,
      locale,
      recipient: mobile,
      body: await filled('••••••'),
      segments: smsSegments(body).parts,
    })
    if (message.state !== 'waiting') return
    try {
      const { providerId } = await sms.send({ to: mobile, text: body, dedupeKey: message.key })
      await markMessageSent(db, message.id, providerId, new Date(now()).toISOString())
    } catch (error) {
      const final = error instanceof Refused
      await markMessageFailed(db, message.id, String(error), final)
      if (!final) throw error
    }
  }
}

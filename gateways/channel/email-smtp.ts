import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { OutcomeUnknown, Refused, Unavailable } from '../errors.ts'
import { markOf } from '../once.ts'
import type { EmailChannel, EmailMessage } from './port.ts'

export const emailConfig = z.object({
  adapter: z.literal('email-smtp'),
  host: z.string().min(1),
  port: z.number().int().positive(),
  /** `tls` from the first byte, `starttls` compulsory, `plain` only for a server on the same machine. */
  security: z.enum(['tls', 'starttls', 'plain']).default('starttls'),
  user: z.string().optional(),
  password: z.string().optional(),
  from: z.object({ address: z.email(), name: z.string().optional() }),
  ca: z.string().optional(),
  timeoutMs: z.number().int().positive().default(20_000),
})
export type EmailConfig = z.output<typeof emailConfig>

const maxAttachmentBytes = 10_000_000

/**
 * E-mail over SMTP. SMTP can't be asked what became of a message, so a lost answer after the body is OutcomeUnknown and
 * a second sending carries the same Message-ID, made from the dedupe key: mailboxes show it once.
 */
export function createSmtpEmail(config: EmailConfig): EmailChannel {
  const transport = createTransport({
    host: config.host,
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'plain',
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: config.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(config.user !== undefined && { auth: { user: config.user, pass: config.password ?? '' } }),
    ...(config.ca !== undefined && { tls: { ca: config.ca } }),
  })

  return {
    kind: 'email',

    async send(message) {
      const bad = whyBad(message)
      if (bad !== undefined) throw new Refused('email', 'VALIDATION', { code: 'MESSAGE', text: bad })
      const domain = config.from.address.split('@')[1] ?? 'localhost'
      const messageId = `<${markOf(message.dedupeKey)}@${domain}>`
      try {
        await transport.sendMail({
          from: { address: config.from.address, name: config.from.name ?? '' },
          to: { address: message.to.address, name: message.to.name ?? '' },
          subject: message.subject,
          text: message.text,
          messageId,
          headers: {
            'Content-Language': message.language,
            ...(message.unsubscribeUrl !== undefined && {
              'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
          ...(message.html !== undefined && { html: message.html }),
          ...(message.attachments && { attachments: message.attachments }),
        })
        return { providerId: messageId }
      } catch (error) {
        throw failureOf(error)
      }
    },

    async health() {
      try {
        await transport.verify()
        return { ok: true, detail: 'SMTP greeting and login' }
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

const beforeGreeting = new Set(['Connection timeout', 'Greeting never received'])
const smtpError = z.object({
  message: z.string(),
  code: z.string().optional(),
  syscall: z.string().optional(),
  responseCode: z.number().optional(),
})

function failureOf(error: unknown): Error {
  const known = smtpError.safeParse(error)
  if (!known.success) return error instanceof Error ? error : new Error(String(error))
  const { message, code, syscall, responseCode } = known.data
  if (responseCode !== undefined && responseCode >= 500) {
    return new Refused('email', code === 'EAUTH' ? 'AUTH' : 'OTHER', { code: String(responseCode), text: message })
  }
  if (responseCode !== undefined) return new Unavailable('email', message)
  // nodemailer calls every broken connection `CONN`, so only what surely came before the body counts as harmless.
  const harmless = code === 'EDNS' || code === 'ETLS' || syscall === 'connect' || beforeGreeting.has(message)
  return harmless ? new Unavailable('email', message) : new OutcomeUnknown('email', message)
}

function whyBad({ to, subject, attachments = [], unsubscribeUrl }: EmailMessage): string | undefined {
  if (!/^[^\s<>(),;:"\\]+@[A-Za-z0-9.-]+$/.test(to.address)) return 'not one e-mail address'
  const headers = [
    to.name ?? '',
    subject,
    unsubscribeUrl ?? '',
    ...attachments.map((file) => file.filename + file.contentType),
  ]
  if (headers.some((text) => /[\r\n\0]/.test(text))) return 'a line break in a header'
  const size = attachments.reduce((sum, file) => sum + file.content.length, 0)
  return size > maxAttachmentBytes ? `attachments of ${size} bytes` : undefined
}

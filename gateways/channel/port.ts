/**
 * What carries a message to a person. A message has a dedupe key: the same key twice is one message, as far as the
 * carrier can know. Sends end in Refused (never again), Unavailable (again) or OutcomeUnknown (perhaps sent).
 */
export interface SmsChannel {
  readonly kind: 'sms'
  /** Refused VALIDATION for a bad number, text or too many parts; OPTED_OUT for a person who wants none. */
  send(message: SmsMessage): Promise<SentSms>
  /** States by provider id; an id the provider doesn't know is `unknown`. */
  deliveryStates(providerIds: string[]): Promise<Record<string, DeliveryState>>
  health(): Promise<{ ok: boolean; detail: string }>
}

export interface SmsMessage {
  /** +98… */
  to: string
  text: string
  dedupeKey: string
}

export interface SentSms {
  providerId: string
  parts: number
  costRial: bigint
}

export type DeliveryState =
  | 'queued'
  | 'sent-to-operator'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'blacklisted'
  | 'unknown'

export interface EmailChannel {
  readonly kind: 'email'
  /** Refused VALIDATION for line breaks in an address, name or subject. */
  send(message: EmailMessage): Promise<{ providerId: string }>
  health(): Promise<{ ok: boolean; detail: string }>
}

export interface EmailMessage {
  to: { address: string; name?: string }
  subject: string
  text: string
  html?: string
  language: 'fa' | 'en'
  attachments?: { filename: string; contentType: string; content: Buffer }[]
  /** For messages a person may stop: one click, RFC 8058. */
  unsubscribeUrl?: string
  dedupeKey: string
}

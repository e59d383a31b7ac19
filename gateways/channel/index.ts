import type { z } from 'zod'
import type { Http } from '../http.ts'
import { createSmtpEmail, emailConfig } from './email-smtp.ts'
import type { EmailChannel, SmsChannel } from './port.ts'
import { createKavenegar, kavenegarConfig } from './sms-kavenegar.ts'

/** Every carrier of messages: the schema of its settings and its factory. */
export const channels = {
  'email-smtp': { config: emailConfig, create: createSmtpEmail },
  'sms-kavenegar': { config: kavenegarConfig, create: createKavenegar },
}

export type ChannelName = keyof typeof channels
type ConfigOf<N extends ChannelName> = z.input<(typeof channels)[N]['config']>
type ChannelOf<N extends ChannelName> = ReturnType<(typeof channels)[N]['create']>

/** Settings of an SMS panel, and of a mail server: the names are those whose factory makes that kind of channel. */
export type SmsConfig = { [N in ChannelName]: ChannelOf<N> extends SmsChannel ? ConfigOf<N> : never }[ChannelName]
export type EmailChannelConfig = {
  [N in ChannelName]: ChannelOf<N> extends EmailChannel ? ConfigOf<N> : never
}[ChannelName]

/** The channel that `config.adapter` names. Throws ZodError when its settings are wrong. */
export function createChannel(config: SmsConfig, deps?: { http?: Http }): SmsChannel
export function createChannel(config: EmailChannelConfig, deps?: { http?: Http }): EmailChannel
export function createChannel(
  config: SmsConfig | EmailChannelConfig,
  deps: { http?: Http } = {},
): SmsChannel | EmailChannel {
  const channel = channels[config.adapter]
  // The schema found by the name parses exactly the settings of that name's factory; the compiler can't pair them.
  return (channel.create as (config: unknown, deps: object) => SmsChannel | EmailChannel)(
    channel.config.parse(config),
    deps,
  )
}

import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from './client.ts'
import { messages, messageTemplates, messageTimings } from './schema/messages.ts'

export type Message = typeof messages.$inferSelect
export type MessageTemplate = typeof messageTemplates.$inferSelect
export type MessageTiming = typeof messageTimings.$inferSelect

/** Keeps a rendered message before it is handed to a provider; the same key is the same message, so nothing is sent twice. */
export async function recordMessage(
  db: Queryable,
  input: Pick<Message, 'key' | 'orderId' | 'channel' | 'template' | 'locale' | 'recipient' | 'body' | 'segments'> &
    Partial<Pick<Message, 'subject' | 'state' | 'error'>>,
): Promise<{ message: Message; created: boolean }> {
  const [made] = await db.insert(messages).values(input).onConflictDoNothing({ target: messages.key }).returning()
  if (made !== undefined) return { message: made, created: true }
  const [before] = await db.select().from(messages).where(eq(messages.key, input.key))
  if (before === undefined) throw new Error(`message ${input.key} is out of reach`)
  return { message: before, created: false }
}

/** Notes that a provider took the message. */
export async function markMessageSent(db: Queryable, id: number, providerId: string | null, at: string): Promise<void> {
  await db
    .update(messages)
    .set({ state: 'sent', providerId, sentAt: at, attempts: sql`${messages.attempts} + 1`, error: null })
    .where(and(eq(messages.id, id), inArray(messages.state, ['waiting', 'failed'])))
}

/** Notes a try that failed; `final` ones are not tried again. */
export async function markMessageFailed(db: Queryable, id: number, error: string, final: boolean): Promise<void> {
  await db
    .update(messages)
    .set({ state: final ? 'failed' : 'waiting', attempts: sql`${messages.attempts} + 1`, error: error.slice(0, 2000) })
    .where(and(eq(messages.id, id), inArray(messages.state, ['waiting', 'failed'])))
}

/** Notes a provider's report on a message that it took; a delivered one stays so. Answers whether it was one of ours. */
export async function reportDelivery(
  db: Queryable,
  report: { channel: string; providerId: string; delivered: boolean; at: string; error?: string },
): Promise<boolean> {
  const changed = await db
    .update(messages)
    .set(
      report.delivered
        ? { state: 'delivered', deliveredAt: report.at }
        : { state: 'failed', error: report.error ?? 'not delivered' },
    )
    .where(
      and(
        eq(messages.channel, report.channel),
        eq(messages.providerId, report.providerId),
        inArray(messages.state, ['sent', 'failed', 'delivered']),
        report.delivered ? undefined : sql`${messages.state} <> 'delivered'`,
      ),
    )
    .returning({ id: messages.id })
  return changed.length > 0
}

/** Messages of an order, newest first, at most 200. */
export async function messagesOf(db: Queryable, orderId: string): Promise<Message[]> {
  return db.select().from(messages).where(eq(messages.orderId, orderId)).orderBy(desc(messages.id)).limit(200)
}

/** The administrator's text for a message; null when the one of the files stands. */
export async function templateText(
  db: Queryable,
  key: string,
  channel: string,
  locale: string,
): Promise<MessageTemplate | null> {
  const [template] = await db
    .select()
    .from(messageTemplates)
    .where(
      and(eq(messageTemplates.key, key), eq(messageTemplates.channel, channel), eq(messageTemplates.locale, locale)),
    )
  return template ?? null
}

/** Writes the administrator's text for a message and counts its version up. */
export async function saveTemplate(
  db: Queryable,
  input: Pick<MessageTemplate, 'key' | 'channel' | 'locale' | 'subject' | 'body' | 'updatedBy'>,
): Promise<MessageTemplate> {
  const [template] = await db
    .insert(messageTemplates)
    .values(input)
    .onConflictDoUpdate({
      target: [messageTemplates.key, messageTemplates.channel, messageTemplates.locale],
      set: { ...input, version: sql`${messageTemplates.version} + 1`, updatedAt: sql`now()` },
    })
    .returning()
  if (template === undefined) throw new Error('the template was not written')
  return template
}

/** All texts of the administrator, at most 1000. */
export async function listTemplates(db: Queryable): Promise<MessageTemplate[]> {
  return db
    .select()
    .from(messageTemplates)
    .orderBy(asc(messageTemplates.key), asc(messageTemplates.channel), asc(messageTemplates.locale))
    .limit(1000)
}

/** Sets whether and when a message of a state goes: `delay` is an ISO 8601 duration after the state is entered, null keeps the definition's. */
export async function saveTiming(db: Queryable, timing: MessageTiming): Promise<void> {
  const { definitionId, state, template } = messageTimings
  await db
    .insert(messageTimings)
    .values(timing)
    .onConflictDoUpdate({
      target: [definitionId, state, template],
      set: { enabled: timing.enabled, delay: timing.delay },
    })
}

/** The administrator's timings of a definition, at most 1000. */
export async function timingsOf(db: Queryable, definitionId: string): Promise<MessageTiming[]> {
  return db
    .select()
    .from(messageTimings)
    .where(eq(messageTimings.definitionId, definitionId))
    .orderBy(asc(messageTimings.state), asc(messageTimings.template))
    .limit(1000)
}

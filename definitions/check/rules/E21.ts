import { error, type Finding } from '../finding.ts'
import { at } from '../place.ts'
import type { Rule } from '../rule.ts'
import { notificationsOf } from '../walk.ts'

/** What the sender adds to every message by itself. */
const always = new Set(['customerName', 'orderNumber', 'phone'])

const welcome = (notify: object) => ({
  states: {
    done: {
      entry: [{ type: 'notify', notify: { template: 'adsl.welcome', to: 'customer', calendar: 'sms', ...notify } }],
    },
  },
})

export const E21: Rule = {
  id: 'E21',
  title: { fa: 'متن پیام', en: 'text of a message' },
  about: {
    en: 'For each channel a message names, the text must exist in Persian and English, must not be empty, and may read only what the message brings in `data` and what every message has (customerName, orderNumber, phone). The variables are read from the parsed text.',
    fa: 'برای هر کانال پیام متن فارسی و انگلیسی باید باشد، تهی نباشد و تنها آنچه پیام در data می‌آورد و آنچه هر پیام دارد (customerName، orderNumber، phone) را بخواند.',
  },
  fails: { change: welcome({ channels: ['email'] }) },
  passes: { change: welcome({ channels: ['email'], data: { username: { $ctx: '$.phone' } } }) },
  document: ({ definition, catalogues: { templates, texts } }) =>
    notificationsOf(definition).flatMap(({ path, value: { channels, template, data = {} } }) => {
      const known = Object.hasOwn(templates, template) ? templates[template] : undefined
      if (known === undefined) return []
      return channels.flatMap((channel, i): Finding[] => {
        if (!known.includes(channel))
          return [
            error('E21', at(path, 'channels', i), {
              en: `${template} has no Persian and English text for ${channel}`,
              fa: `${template} برای ${channel} متن فارسی و انگلیسی ندارد`,
            }),
          ]
        return (texts?.[`${template}.${channel}`] ?? []).flatMap(({ locale, reads, empty }) => [
          ...(empty
            ? [
                error('E21', at(path, 'template'), {
                  en: `the ${locale} text of ${template} for ${channel} says nothing`,
                  fa: `متن ${locale} الگوی ${template} برای ${channel} چیزی نمی‌گوید`,
                }),
              ]
            : []),
          ...reads
            .filter((name) => !always.has(name) && !Object.hasOwn(data, name))
            .map((name) =>
              error(
                'E21',
                at(path, 'data'),
                {
                  en: `the ${locale} text of ${template} for ${channel} reads ${name}, which the message does not bring`,
                  fa: `متن ${locale} الگوی ${template} برای ${channel}، ${name} را می‌خواند که پیام نمی‌آورد`,
                },
                { witness: name },
              ),
            ),
        ])
      })
    }),
}

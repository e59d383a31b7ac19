import type { Text } from '../../domain/errors.ts'
import type { Definition } from '../format.ts'

/** What makes a transition go (`on:EVENT`, `always`, `onDone`, `after:id`, `done:call`, `error:call`), as people say it. */
export function triggerWords(trigger: string, definition: Pick<Definition, 'events'>): Text {
  const [kind = '', name = ''] = trigger.split(/:(.*)/s)
  switch (kind) {
    case 'on':
      return (Object.hasOwn(definition.events, name) ? definition.events[name]?.label : undefined) ?? both(name)
    case 'after':
      return { fa: `زمان‌سنج ${name}`, en: `timer ${name}` }
    case 'done':
      return { fa: `پاسخ ${name}`, en: `${name} is done` }
    case 'error':
      return { fa: `خطای ${name}`, en: `${name} has failed` }
    case 'onDone':
      return { fa: 'پایان زیرفرایند', en: 'all inside is done' }
    case 'always':
      return { fa: 'بی‌درنگ', en: 'at once' }
    default:
      return both(trigger)
  }
}

const both = (name: string): Text => ({ fa: name, en: name })

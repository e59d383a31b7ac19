import { unreachableFindings } from '../reach.ts'
import type { Rule } from '../rule.ts'

const state = { label: { fa: 'جزیره', en: 'Island' }, after: [{ id: 't', delay: 'P1D', then: [{ target: '#done' }] }] }

export const E03: Rule = {
  id: 'E03',
  title: { fa: 'وضعیت دست‌نیافتنی', en: 'unreachable state' },
  about: {
    en: 'No road enters the state. The graph of all configurations is built by running the interpreter with everything that can happen and every guard both ways, so this is a proof.',
    fa: 'هیچ راهی به این وضعیت نمی‌رسد. گراف همه پیکربندی‌ها با اجرای خود مفسر، هر رویداد و هر دو پاسخ هر شرط ساخته می‌شود، پس این اثبات است.',
  },
  fails: { change: { states: { island: state } } },
  passes: {
    change: {
      states: {
        island: state,
        reserving: { after: [{ id: 'slow', delay: 'P1D', then: [{ target: '#island' }] }] },
      },
    },
  },
  graph: unreachableFindings,
}

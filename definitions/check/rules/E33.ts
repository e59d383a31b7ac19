import { limitFindings } from '../limits.ts'
import type { Rule } from '../rule.ts'

export const E33: Rule = {
  id: 'E33',
  title: { fa: 'بیش از اندازه', en: 'too large' },
  about: {
    en: 'At most 512 KB of text, 32 levels of JSON, 500 states, 8 levels of states, 200 conditions, 16 levels of conditions, 256 KB of graph (it travels with every order), and 20,000 configurations: beyond, the search is cut, nothing is proved, and nothing is published. Named conditions may not lead back to themselves.',
    fa: 'حداکثر ۵۱۲ کیلوبایت متن، ۳۲ لایه JSON، ۵۰۰ وضعیت، ۸ لایه وضعیت، ۲۰۰ شرط، ۱۶ لایه شرط، ۲۵۶ کیلوبایت گراف (با هر سفارش حمل می‌شود) و ۲۰٬۰۰۰ پیکربندی: بیش از آن جست‌وجو بریده می‌شود، چیزی اثبات و چیزی منتشر نمی‌شود.',
  },
  fails: { change: { guards: { ring: { not: { condition: 'ring' } } } } },
  passes: { change: {} },
  document: limitFindings,
}

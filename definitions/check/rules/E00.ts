import type { Rule } from '../rule.ts'

export const E00: Rule = {
  id: 'E00',
  title: { fa: 'متن JSON درست نیست', en: 'not a JSON text that can be taken' },
  about: {
    en: 'The text is broken, says a key twice (which of the two would count?), or holds a number beyond 2^53, which would lose Rials. Line and column point at the place.',
    fa: 'متن شکسته است، کلیدی را دو بار دارد (کدام معتبر است؟) یا عددی بزرگ‌تر از ۲ به توان ۵۳ دارد که ریال را گم می‌کند. سطر و ستون جای آن را نشان می‌دهد.',
  },
  fails: { text: '{"format": "samfony.process/1", "id": "a", "id": "b"}' },
  passes: { change: {} },
}

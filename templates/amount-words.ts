/** A whole amount in Persian words, without its currency: ۲۵۲۰۱۰۰ is «دو میلیون و پانصد و بیست هزار و صد». Below 10^15; '' beyond. */
export function amountInPersianWords(amount: number): string {
  if (!Number.isSafeInteger(amount) || Math.abs(amount) >= 10 ** 15) return ''
  if (amount === 0) return 'صفر'
  if (amount < 0) return `منفی ${amountInPersianWords(-amount)}`
  const groups: string[] = []
  for (let rest = amount, scale = 0; rest > 0; rest = Math.floor(rest / 1000), scale++) {
    const group = rest % 1000
    if (group > 0) groups.unshift(scale === 0 ? belowThousand(group) : `${belowThousand(group)} ${scales[scale] ?? ''}`)
  }
  return groups.join(' و ')
}

function belowThousand(n: number): string {
  const parts = [hundreds[Math.floor(n / 100)] ?? '']
  const rest = n % 100
  if (rest < 20) parts.push(small[rest] ?? '')
  else parts.push(tens[Math.floor(rest / 10)] ?? '', small[rest % 10] ?? '')
  return parts.filter((part) => part !== '').join(' و ')
}

const scales = ['', 'هزار', 'میلیون', 'میلیارد', 'هزار میلیارد']
const hundreds = ['', 'صد', 'دویست', 'سیصد', 'چهارصد', 'پانصد', 'ششصد', 'هفتصد', 'هشتصد', 'نهصد']
const tens = ['', '', 'بیست', 'سی', 'چهل', 'پنجاه', 'شصت', 'هفتاد', 'هشتاد', 'نود']
const small = [
  '',
  'یک',
  'دو',
  'سه',
  'چهار',
  'پنج',
  'شش',
  'هفت',
  'هشت',
  'نه',
  'ده',
  'یازده',
  'دوازده',
  'سیزده',
  'چهارده',
  'پانزده',
  'شانزده',
  'هفده',
  'هجده',
  'نوزده',
]

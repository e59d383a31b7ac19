/** Words of the list of definitions and of the road of a version. */
export const definitionsWords = {
  title: { fa: 'تعریف فرایندها', en: 'Process definitions' },
  hint: {
    fa: 'هر سفارش، نصب، تمدید و تیکت از روی یکی از این‌ها پیش می‌رود. برای دیدن و تغییر، یکی را باز کنید.',
    en: 'Every order, installation, renewal and ticket runs by one of these. Open one to see or change it.',
  },
  none: { fa: 'هنوز فرایندی نیست', en: 'No process yet' },
  noneHint: { fa: 'فرایندها با راه‌اندازی سامانه می‌آیند.', en: 'Processes come with the installation.' },
  current: { fa: 'جاری: نسخهٔ {version}', en: 'Current: version {version}' },
  draft: { fa: 'پیش‌نویس نسخهٔ {version}', en: 'Draft of version {version}' },
  versions: { fa: '{n} نسخه', en: '{n} versions' },
}

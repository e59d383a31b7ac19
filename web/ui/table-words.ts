export const tableWords = {
  selectAll: { fa: 'انتخاب همهٔ این صفحه', en: 'Select this page' },
  select: { fa: 'انتخاب', en: 'Select' },
  columns: { fa: 'ستون‌ها', en: 'Columns' },
  previous: { fa: 'پیشین', en: 'Previous' },
  next: { fa: 'پسین', en: 'Next' },
  page: { fa: 'صفحهٔ {n}', en: 'Page {n}' },
}

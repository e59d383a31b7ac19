export const drawingWords = {
  larger: { fa: 'بزرگ‌تر', en: 'Larger' },
  smaller: { fa: 'کوچک‌تر', en: 'Smaller' },
  fit: { fa: 'به‌اندازهٔ صفحه', en: 'Fit' },
  late: { fa: '{n} دیرکرد', en: '{n} late' },
  spoken: { fa: '{label}: {n} سفارش، {late} دیرکرد', en: '{label}: {n} orders, {late} late' },
  staff: { fa: 'منتظر کارشناس', en: 'Waits for staff' },
  customer: { fa: 'منتظر مشتری', en: 'Waits for the customer' },
  system: { fa: 'منتظر سامانه', en: 'Waits for a system' },
  success: { fa: 'پایان موفق', en: 'Success' },
  failure: { fa: 'پایان ناموفق', en: 'Failure' },
}

import type { Text } from '../domain/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'

/** What a rule may ask about: a name, where it stands in the facts, and what kind of value it is. */
export interface DimensionEntry {
  path: string
  type: 'text' | 'number' | 'list' | 'time'
  label: Text
}

/** The facts of one line of a sale; `order.data` is the context of the order's own definition, `customer.attributes` the company's own words. */
export interface PriceFacts {
  atMs: number
  order: { kind: 'new' | 'change' | 'renewal'; data: JsonObject }
  customer: { id: string | null; groups: string[]; attributes: JsonObject }
  place: { cityId: string | null; centreId: string | null }
  /** Partners from the top of the tree to the seller: a rule for one holds for all below him. */
  agent: { id: string | null; path: string[] }
  product: { id: string; kind: string; categories: string[]; characteristics: JsonObject; fromId: string | null }
  quantity: number
  amountRial: number
}

const text = (fa: string, en: string) => ({ fa, en })

/** Dimensions that every company has (BR2–BR7); others are rows of `rule_dimensions` (BR8). */
export const builtInDimensions: Record<string, DimensionEntry> = {
  city: { path: 'place.cityId', type: 'text', label: text('شهر', 'City') },
  exchange: { path: 'place.centreId', type: 'text', label: text('مرکز', 'Exchange') },
  agent: { path: 'agent.path', type: 'list', label: text('نماینده و بالادستان او', 'Agent and those above') },
  group: { path: 'customer.groups', type: 'list', label: text('گروه مشترک', 'Customer group') },
  campaign: { path: 'order.data.campaign', type: 'text', label: text('کمپین', 'Campaign') },
  product: { path: 'product.id', type: 'text', label: text('محصول', 'Product') },
  productKind: { path: 'product.kind', type: 'text', label: text('نوع محصول', 'Kind of product') },
  category: { path: 'product.categories', type: 'list', label: text('دسته و بالادسته‌ها', 'Category and those above') },
  fromProduct: { path: 'product.fromId', type: 'text', label: text('محصول پیشین', 'Product before') },
  action: { path: 'order.kind', type: 'text', label: text('تازه، تغییر یا تمدید', 'New, change or renewal') },
  at: { path: 'atMs', type: 'time', label: text('زمان', 'Time') },
  quantity: { path: 'quantity', type: 'number', label: text('تعداد', 'Quantity') },
  amount: { path: 'amountRial', type: 'number', label: text('مبلغ به ریال', 'Amount in Rial') },
}

/** The facts by the names of dimensions, as the engine is given them; what is not there is null. */
export function flatten(facts: PriceFacts, dimensions: Record<string, DimensionEntry>): Record<string, Json> {
  return Object.fromEntries(Object.entries(dimensions).map(([id, { path }]) => [id, valueAt(facts, path)]))
}

/** Dotted names only, and own properties only: nothing here evaluates anything. */
function valueAt(facts: unknown, path: string): Json {
  let at: unknown = facts
  for (const name of path.split('.'))
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : null
  return (at ?? null) as Json
}

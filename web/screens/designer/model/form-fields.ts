import type { Form } from '../../../../definitions/format.ts'
import type { Text } from '../../../../domain/errors.ts'
import type { JsonObject } from '../../../../domain/json.ts'

export const fieldTypes = ['text', 'longText', 'number', 'money', 'date', 'yesNo', 'choice', 'file'] as const
export type FieldType = (typeof fieldTypes)[number]

/** One line of a form as a person thinks of it. */
export interface Field {
  name: string
  type: FieldType
  label: Text
  required: boolean
  /** Of a choice: what is stored and what is shown. */
  options: { value: string; label: Text }[]
}

/** The fields of a form in the order in which they are asked; what the list cannot say (limits, patterns) stays in the schema. */
export function fieldsOf(form: Form): Field[] {
  const schema = typeof form.schema === 'boolean' ? {} : form.schema
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>
  const required = (schema['required'] ?? []) as string[]
  const asked = form.steps.flatMap(({ fields }) => fields).filter((name) => Object.hasOwn(properties, name))
  const names = [...new Set([...asked, ...Object.keys(properties)])]
  return names.map((name) => {
    const property = properties[name] ?? {}
    const ui = uiOf(form, name)
    const label = ui['label'] as Text | undefined
    const title = typeof property['title'] === 'string' ? property['title'] : name
    const shown = (ui['options'] ?? []) as unknown as { value: string; label: Text }[]
    return {
      name,
      type: typeOf(property, ui),
      label: label ?? { fa: title, en: title },
      required: required.includes(name),
      options: ((property['enum'] ?? []) as (string | number | boolean | null)[]).map((value) => {
        const text = String(value)
        return shown.find((one) => one.value === text) ?? { value: text, label: { fa: text, en: text } }
      }),
    }
  })
}

/**
 * The form with these fields: JSON Schema, widgets, labels and the order of the steps. A field that was there keeps what the list
 * does not show as long as its type stays; a new one goes to the last step.
 */
export function withFields(form: Form, fields: readonly Field[]): Form {
  const schema = typeof form.schema === 'boolean' ? {} : form.schema
  const old = new Map(fieldsOf(form).map((field) => [field.name, field]))
  const before = (schema['properties'] ?? {}) as Record<string, JsonObject>
  const properties = Object.fromEntries(
    fields.map((field) => {
      const isKept = old.get(field.name)?.type === field.type
      const { enum: _, title: __, ...kept } = before[field.name] ?? {}
      return [field.name, { ...(isKept ? kept : base(field)), ...titled(field) }]
    }),
  )
  const names = fields.map(({ name }) => name)
  const steps = form.steps.map((step, i) => ({
    ...step,
    fields: [
      ...names.filter((name) => step.fields.includes(name)),
      ...(i === form.steps.length - 1
        ? names.filter((name) => !form.steps.some((each) => each.fields.includes(name)))
        : []),
    ],
  }))
  const oldUi = (form.ui ?? {}) as Record<string, JsonObject>
  const ui = Object.fromEntries(
    fields.flatMap((field) => {
      const own = uiFor(field, oldUi[field.name] ?? {})
      return Object.keys(own).length === 0 ? [] : [[field.name, own]]
    }),
  )
  const { ui: _, ...rest } = form
  return {
    ...rest,
    schema: {
      ...schema,
      type: 'object',
      required: fields.filter((field) => field.required).map(({ name }) => name),
      properties,
    },
    ...(Object.keys(ui).length > 0 && { ui }),
    steps,
  }
}

/** A form without fields, with one step. */
export const emptyForm = (label: Text): Form => ({
  label,
  schema: { type: 'object', additionalProperties: false, required: [], properties: {} },
  steps: [{ id: 'main', label, fields: [] }],
})

const uiOf = (form: Form, name: string) => ((form.ui ?? {})[name] ?? {}) as JsonObject

function typeOf(property: JsonObject, ui: JsonObject): FieldType {
  const type = Array.isArray(property['type']) ? property['type'][0] : property['type']
  const widget = ui['widget']
  if (Array.isArray(property['enum'])) return 'choice'
  if (widget === 'file') return 'file'
  if (widget === 'textarea') return 'longText'
  if (widget === 'money') return 'money'
  if (property['format'] === 'date') return 'date'
  if (type === 'boolean') return 'yesNo'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

function base({ type, options }: Field): JsonObject {
  switch (type) {
    case 'text':
      return { type: 'string', minLength: 1, maxLength: 200 }
    case 'longText':
      return { type: 'string', maxLength: 2000 }
    case 'number':
      return { type: 'integer' }
    case 'money':
      return { type: 'integer', minimum: 0 }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'yesNo':
      return { type: 'boolean' }
    case 'file':
      return { type: 'string', format: 'uri-reference' }
    default:
      return { enum: options.length === 0 ? ['yes', 'no'] : options.map(({ value }) => value) }
  }
}

/** What readers of the schema alone show; ours take both languages from `ui`. */
function titled(field: Field): JsonObject {
  const own = field.label.fa === field.name && field.label.en === field.name ? {} : { title: field.label.fa }
  return field.type === 'choice' ? { ...base(field), ...own } : own
}

const widgets: Partial<Record<FieldType, JsonObject>> = {
  longText: { widget: 'textarea' },
  money: { widget: 'money' },
  date: { widget: 'jalali-date' },
  file: { widget: 'file', accept: ['image/*', 'application/pdf'] },
}

function uiFor(field: Field, before: JsonObject): JsonObject {
  const { label: _, options: __, widget, accept, ...kept } = before
  const own = widgets[field.type] ?? (typeof widget === 'string' && !ours.has(widget) ? { widget } : {})
  const hasLabel = field.label.fa !== field.name || field.label.en !== field.name
  const hasOptions = field.options.some(({ value, label }) => label.fa !== value || label.en !== value)
  return {
    ...kept,
    ...own,
    ...(accept !== undefined && field.type === 'file' && { accept }),
    ...(hasLabel && { label: { ...field.label } }),
    ...(hasOptions &&
      field.type === 'choice' && {
        options: field.options.map(({ value, label }) => ({ value, label: { ...label } })),
      }),
  }
}

const ours = new Set<string>(['textarea', 'money', 'jalali-date', 'file'])

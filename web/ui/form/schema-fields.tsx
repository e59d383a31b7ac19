import { FileInput, NumberInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import type { JsonObject } from '../../../domain/json.ts'
import { api } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { latin } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { usePreferences } from '../../shell/preferences.tsx'
import { useText, useWords } from '../../words/words.ts'
import { DayField, MomentField } from '../dates/fields.tsx'
import type { Field } from './schema.ts'

interface Props {
  fields: readonly Field[]
  answers: JsonObject
  onChange: (answers: JsonObject) => void
  faults: ReadonlySet<string>
  /** Keeps a file and answers its address. */
  upload: (file: File) => Promise<string>
}

/** The questions of a form, each with the part that fits it. Absent answers are left out, as the schema expects. */
export function SchemaFields({ fields, answers, onChange, faults, upload }: Props) {
  const set = (name: string, value: JsonObject[string] | null) => {
    const { [name]: _old, ...rest } = answers
    onChange(value === null || value === '' ? rest : { ...rest, [name]: value })
  }
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <Question
          key={field.name}
          field={field}
          value={answers[field.name] ?? null}
          set={(value) => set(field.name, value)}
          wrong={faults.has(field.name)}
          upload={upload}
        />
      ))}
    </Stack>
  )
}

function Question(props: {
  field: Field
  value: JsonObject[string] | null
  set: (value: JsonObject[string] | null) => void
  wrong: boolean
  upload: (file: File) => Promise<string>
}) {
  const { field, value, set, wrong, upload } = props
  const text = useText()
  const say = useWords(words)
  const { currencyName } = useFormat()
  const { currency } = usePreferences()
  const { options } = useNames()
  const shared = { label: text(field.label), required: field.required, error: wrong ? say('wrong') : null }
  const typed = typeof value === 'string' ? value : ''
  switch (field.widget) {
    case 'boolean':
      return (
        <Switch
          label={shared.label}
          checked={value === true}
          onChange={({ currentTarget }) => set(currentTarget.checked)}
          error={shared.error}
        />
      )
    case 'choice':
      return (
        <Select
          {...shared}
          data={field.options.map((option) => ({ value: option.value, label: text(option.label) }))}
          value={typed || null}
          onChange={set}
          clearable={!field.required}
        />
      )
    case 'integer':
      return (
        <NumberInput
          {...shared}
          allowDecimal={false}
          value={typeof value === 'number' ? value : ''}
          onChange={(n) => set(n === '' ? null : Number(n))}
        />
      )
    case 'money': {
      const unit = currency === 'rial' ? 1 : 10
      return (
        <NumberInput
          {...shared}
          rightSection={<small>{currencyName}</small>}
          rightSectionWidth={56}
          hideControls
          thousandSeparator
          allowDecimal={false}
          allowNegative={false}
          value={typeof value === 'number' ? value / unit : ''}
          onChange={(n) => set(n === '' ? null : Math.round(Number(n) * unit))}
        />
      )
    }
    case 'day':
      return <DayField {...shared} value={typed || null} onChange={set} />
    case 'moment':
      return <MomentField {...shared} value={typed || null} onChange={set} />
    case 'file':
    case 'files': {
      const many = field.widget === 'files'
      const keep = async (files: File[]) => {
        const kept = await Promise.all(files.map(upload))
        set(many ? kept : (kept[0] ?? null))
      }
      return (
        <FileInput<boolean>
          {...shared}
          multiple={many}
          accept="image/png,image/jpeg,image/webp,application/pdf"
          clearable
          leftSection={<IconPaperclip size={16} />}
          placeholder={say('file')}
          onChange={(given) => void keep([given ?? []].flat())}
        />
      )
    }
    case 'technician':
      return <Technician {...shared} value={typed} set={set} />
    case 'textarea':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          value={typed}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      )
    case 'text':
      if (field.name === 'productId')
        return <Select {...shared} searchable data={options.product} value={typed || null} onChange={set} />
      return (
        <TextInput
          {...shared}
          value={typed}
          onChange={({ currentTarget }) => set(field.code ? latin(currentTarget.value) : currentTarget.value)}
        />
      )
    default:
      return field.widget satisfies never
  }
}

function Technician(props: {
  label: string
  required: boolean
  error: string | null
  value: string
  set: (value: string | null) => void
}) {
  const may = useMay()
  const { value, set, ...shared } = props
  const people = api.useQuery('get', '/v1/users', { params: { query: { limit: 200 } } }, { enabled: may('users.read') })
    .data?.users
  if (people === undefined)
    return <TextInput {...shared} value={value} onChange={({ currentTarget }) => set(currentTarget.value)} />
  return (
    <Select
      {...shared}
      searchable
      data={people.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      onChange={set}
    />
  )
}

const words = {
  wrong: { fa: 'این مقدار را بررسی کنید', en: 'Check this value' },
  file: { fa: 'تصویر یا PDF، حداکثر ۱۰ مگابایت', en: 'Picture or PDF, at most 10 MB' },
}

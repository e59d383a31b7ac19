import { ActionIcon, Button, Group, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { at } from '../../../../definitions/check/place.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { emptyForm, type Field, fieldsOf, fieldTypes, withFields } from '../model/form-fields.ts'
import { freeKey } from '../model/states.ts'
import { LabelFields } from '../parts/fields.tsx'
import classes from './panel.module.css'
import { Section } from './section.tsx'
import { panelWords } from './words.ts'

/** What is asked before a button is pressed: a list of fields, from which the JSON Schema is made. */
export function FormEditor({ event }: { event: string }) {
  const { definition, edit, readOnly } = useDraft()
  const say = useWords(panelWords)
  const declared = definition.events[event]
  const name = declared?.form
  const form = name === undefined ? undefined : definition.forms?.[name]
  if (declared === undefined) return null
  if (name === undefined || form === undefined)
    return (
      <Section
        title={say('form')}
        addLabel={say('addForm')}
        onAdd={() => {
          const key = freeKey(declared.label.en, Object.keys(definition.forms ?? {}), 'form')
          edit({
            type: 'setMany',
            values: [
              { path: at('$', 'forms', key), value: emptyForm(declared.label) },
              { path: at('$', 'events', event, 'form'), value: key },
            ],
          })
        }}
      >
        <Text fz="xs" c="dimmed">
          {say('noForm')}
        </Text>
      </Section>
    )
  const fields = fieldsOf(form)
  const set = (next: Field[], as?: string) =>
    edit({ type: 'set', path: at('$', 'forms', name), value: withFields(form, next) }, as)
  const change = (i: number, part: Partial<Field>, as?: string) =>
    set(
      fields.map((field, j) => (i === j ? { ...field, ...part } : field)),
      as,
    )
  const add = () => {
    const key = freeKey(
      'field',
      fields.map((field) => field.name),
      'field',
    )
    set([...fields, { name: key, type: 'text', label: { fa: '', en: '' }, required: true, options: [] }])
  }
  return (
    <Section title={say('form')} addLabel={say('addField')} onAdd={add}>
      {fields.map((field, i) => (
        <Stack key={i} gap={6} className={classes['field'] ?? ''} data-field={field.name}>
          <LabelFields
            value={field.label}
            disabled={readOnly}
            onChange={(label) =>
              change(i, { label: label ?? { fa: field.name, en: field.name } }, `field ${event} ${i}`)
            }
          />
          <Group gap={6} wrap="nowrap" align="end">
            <FieldKey
              key={field.name}
              value={field.name}
              taken={fields.map((one) => one.name)}
              onChange={(key) => change(i, { name: key })}
            />
            <Select
              size="xs"
              flex={1}
              label={say('fieldType')}
              data={fieldTypes.map((value) => ({ value, label: say(`type_${value}`) }))}
              value={field.type}
              disabled={readOnly}
              allowDeselect={false}
              onChange={(type) => change(i, { type: type ?? 'text' })}
            />
          </Group>
          {field.type === 'choice' && (
            <Options field={field} onChange={(options) => change(i, { options }, `options ${event} ${i}`)} />
          )}
          <Group justify="space-between">
            <Switch
              size="xs"
              label={say('required')}
              checked={field.required}
              disabled={readOnly}
              onChange={({ currentTarget }) => change(i, { required: currentTarget.checked })}
            />
            {!readOnly && (
              <Group gap={2}>
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  disabled={i === 0}
                  aria-label={say('up')}
                  onClick={() =>
                    set(fields.map((one, j) => (j === i - 1 ? field : j === i ? (fields[i - 1] ?? one) : one)))
                  }
                >
                  <IconArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={say('removeField')}
                  onClick={() => set(fields.filter((_, j) => j !== i))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </Group>
            )}
          </Group>
        </Stack>
      ))}
      {!readOnly && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} />}
          onClick={() => edit({ type: 'set', path: at('$', 'events', event, 'form'), value: undefined })}
        >
          {say('withoutForm')}
        </Button>
      )}
      {fields.length === 0 && !readOnly && (
        <Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={add}>
          {say('addField')}
        </Button>
      )}
    </Section>
  )
}

/** The Latin name under which an answer is kept. */
function FieldKey({ value, taken, onChange }: { value: string; taken: string[]; onChange: (key: string) => void }) {
  const { readOnly } = useDraft()
  const say = useWords(panelWords)
  return (
    <TextInput
      size="xs"
      dir="ltr"
      flex={1}
      label={say('fieldKey')}
      defaultValue={value}
      disabled={readOnly}
      onBlur={({ currentTarget }) => {
        const key = currentTarget.value.trim()
        if (/^[a-zA-Z][A-Za-z0-9_]{0,63}$/.test(key) && !taken.includes(key)) onChange(key)
        else currentTarget.value = value
      }}
    />
  )
}

/** One choice a line: what is stored, then both labels, with bars between. */
function Options({ field, onChange }: { field: Field; onChange: (options: Field['options']) => void }) {
  const { readOnly } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  return (
    <Textarea
      size="xs"
      label={say('options')}
      description={say('optionsHint')}
      autosize
      minRows={2}
      disabled={readOnly}
      aria-description={field.options.map(({ label }) => text(label)).join('، ')}
      defaultValue={field.options.map(({ value, label }) => [value, label.fa, label.en].join(' | ')).join('\n')}
      onBlur={({ currentTarget }) =>
        onChange(
          currentTarget.value.split('\n').flatMap((line) => {
            const [value = '', fa = value, en = fa] = line.split('|').map((part) => part.trim())
            return value === '' ? [] : [{ value, label: { fa, en } }]
          }),
        )
      }
    />
  )
}

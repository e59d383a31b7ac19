import { ActionIcon, Button, NumberInput, Select, Switch, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import {
  type ActionProps,
  type CombinatorSelectorProps,
  type NotToggleProps,
  QueryBuilder,
  type RuleGroupType,
  type ValueEditorProps,
  type ValueSelectorProps,
} from 'react-querybuilder'
import 'react-querybuilder/dist/query-builder-layout.css'
import type { Condition } from '../../../../definitions/format.ts'
import { conditionWords } from '../../../../definitions/words/condition.ts'
import { latin } from '../../../format/format.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { declaring, type Fact, factsFor } from '../model/facts.ts'
import { fromQuery, toQuery, typedValue } from '../model/query.ts'
import classes from './panel.module.css'
import { panelWords } from './words.ts'

const operators = ['=', '!=', '<', '<=', '>', '>=', 'in', 'notIn', 'contains', 'doesNotContain'] as const
const fitting: Record<Fact['type'], readonly string[]> = {
  text: ['=', '!=', 'in', 'notIn'],
  choice: ['=', '!=', 'in', 'notIn'],
  number: ['=', '!=', '<', '<=', '>', '>='],
  boolean: ['=', '!='],
  state: ['contains', 'doesNotContain'],
  guard: ['='],
}

/** A guard as rules that one reads, with the sentence that it says. A fact of the catalogue is declared when it is first asked. */
export function GuardEditor({ path, value }: { path: string; value: Condition | undefined }) {
  const { definition, catalogues, edit, readOnly } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const facts = useMemo(() => factsFor(definition, catalogues, path), [definition, catalogues, path])
  // What is typed may be no condition yet; the definition gets it when it says something.
  const [query, setQuery] = useState<RuleGroupType>(() => toQuery(value))
  const change = (next: RuleGroupType) => {
    setQuery(next)
    const condition = fromQuery(next)
    if (JSON.stringify(condition) === JSON.stringify(value)) return
    if (condition === undefined) {
      edit({ type: 'set', path: `${path}.guard`, value: undefined }, `guard ${path}`)
      return
    }
    const made = declaring(definition, catalogues, condition)
    edit(
      { type: 'setMany', values: [...made.facts, { path: `${path}.guard`, value: made.condition }] },
      `guard ${path}`,
    )
    if (made.facts.length > 0) setQuery(toQuery(made.condition))
  }
  const fields = (['order', 'form', 'answer', 'facts', 'catalogue', 'process'] as const).flatMap((group) => {
    const options = facts
      .filter((fact) => fact.group === group)
      .map((fact) => ({ name: fact.field, value: fact.field, label: text(fact.label), fact }))
    return options.length === 0 ? [] : [{ label: say(`facts_${group}`), options }]
  })
  const typeOf = (field: string) => facts.find((fact) => fact.field === field)?.type ?? 'text'
  return (
    <div className={classes['guard']}>
      {value !== undefined && (
        <Text fz="sm" className={classes['sentence'] ?? ''}>
          {text(conditionWords(value, definition))}
        </Text>
      )}
      <QueryBuilder
        query={query}
        onQueryChange={change}
        fields={fields}
        disabled={readOnly}
        showNotToggle
        resetOnFieldChange
        getOperators={(field) =>
          fitting[typeOf(field)].map((name) => ({
            name,
            value: name,
            label: say(`op_${name as (typeof operators)[number]}`),
          }))
        }
        getDefaultValue={({ field }) => {
          const fact = facts.find((one) => one.field === field)
          if (fact?.type === 'boolean') return true
          return fact?.type === 'number' ? 0 : (fact?.options?.[0]?.value ?? '')
        }}
        getValueSources={() => ['value']}
        combinators={[
          { name: 'and', value: 'and', label: say('and') },
          { name: 'or', value: 'or', label: say('or') },
        ]}
        controlElements={{
          addGroupAction: Act,
          addRuleAction: Act,
          removeGroupAction: Remove,
          removeRuleAction: Remove,
          combinatorSelector: Choice,
          fieldSelector: Choice,
          operatorSelector: Choice,
          notToggle: Not,
          valueEditor: Value,
        }}
        translations={{
          addRule: { label: say('addRule') },
          addGroup: { label: say('addGroup') },
          removeRule: { label: say('removeRule') },
          removeGroup: { label: say('removeRule') },
          notToggle: { label: say('not') },
        }}
        context={{ facts, text, say }}
      />
    </div>
  )
}

interface Context {
  facts: Fact[]
  text: ReturnType<typeof useText>
}

function Act({ label, handleOnClick, disabled }: ActionProps) {
  return (
    <Button size="compact-xs" variant="light" disabled={disabled === true} onClick={(event) => handleOnClick(event)}>
      {label}
    </Button>
  )
}

function Remove({ title, handleOnClick, disabled }: ActionProps) {
  return (
    <ActionIcon
      size="sm"
      variant="subtle"
      color="gray"
      aria-label={title ?? ''}
      disabled={disabled === true}
      onClick={(event) => handleOnClick(event)}
    >
      <IconX size={14} />
    </ActionIcon>
  )
}

interface Option {
  value?: string
  name?: string
  label: string
  options?: Option[]
}

function Choice({ options, value, handleOnChange, title, disabled }: ValueSelectorProps | CombinatorSelectorProps) {
  const plain = ({ value: own, name, label }: Option) => ({ value: own ?? name ?? '', label })
  const data = (options as unknown as Option[]).map((option) =>
    option.options === undefined ? plain(option) : { group: option.label, items: option.options.map(plain) },
  )
  return (
    <Select
      size="xs"
      aria-label={title ?? ''}
      data={data}
      value={value ?? null}
      searchable={data.length > 6 || data.some((one) => 'items' in one)}
      allowDeselect={false}
      disabled={disabled === true}
      onChange={(next) => handleOnChange(next)}
    />
  )
}

function Not({ checked, handleOnChange, label, disabled }: NotToggleProps) {
  return (
    <Switch
      size="xs"
      label={label}
      checked={checked === true}
      disabled={disabled === true}
      onChange={({ currentTarget }) => handleOnChange(currentTarget.checked)}
    />
  )
}

function Value({ field, operator, value, handleOnChange, context, disabled, valueSource }: ValueEditorProps) {
  const { facts, text } = context as Context
  const say = useWords(panelWords)
  const fact = facts.find((one) => one.field === field)
  const type = fact?.type ?? 'text'
  const shared = { size: 'xs', 'aria-label': say('value'), disabled: disabled === true } as const
  // Two facts compared with each other are shown by name; they are changed in the JSON.
  if (valueSource === 'field') return <TextInput {...shared} readOnly value={String(value).replace('|$.', '.')} />
  if (type === 'boolean')
    return (
      <Select
        {...shared}
        data={[
          { value: 'true', label: say('yes') },
          { value: 'false', label: say('no') },
        ]}
        value={String(value)}
        allowDeselect={false}
        onChange={(next) => handleOnChange(next === 'true')}
      />
    )
  if (fact?.options !== undefined && operator !== 'in' && operator !== 'notIn')
    return (
      <Select
        {...shared}
        data={fact.options.map((option) => ({ value: option.value, label: text(option.label) }))}
        value={String(value)}
        searchable
        allowDeselect={false}
        onChange={handleOnChange}
      />
    )
  if (type === 'number')
    return (
      <NumberInput
        {...shared}
        allowDecimal={false}
        thousandSeparator=","
        value={Number(value)}
        onChange={(next) => handleOnChange(typedValue(latin(String(next)), 'number', operator))}
      />
    )
  return (
    <TextInput
      {...shared}
      value={Array.isArray(value) ? value.join('، ') : String(value ?? '')}
      onChange={({ currentTarget }) => handleOnChange(typedValue(currentTarget.value, 'text', operator))}
    />
  )
}

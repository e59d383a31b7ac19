import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconRowInsertBottom } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { at } from '../../../../definitions/check/place.ts'
import type { Allow } from '../../../../definitions/format.ts'
import { Loading } from '../../../ui/states.tsx'
import { useText, useWords } from '../../../words/words.ts'
import { useActs } from '../acts.ts'
import { useDraft } from '../draft.tsx'
import { type FoundTransition, transitionsOf } from '../model/roads.ts'
import { transitionWords } from '../model/say.ts'
import { pathOf, stateAt, statesOf } from '../model/states.ts'
import { LabelFields } from '../parts/fields.tsx'
import { designerWords } from '../words.ts'
import { AllowEditor } from './allow-editor.tsx'
import { FormEditor } from './form-editor.tsx'
import { PanelHead } from './panel-head.tsx'
import { PartLine, Section } from './section.tsx'
import { panelWords } from './words.ts'

/** The rule builder is loaded with the first transition that is opened. */
const GuardEditor = lazy(async () => ({ default: (await import('./guard-editor.tsx')).GuardEditor }))

/** A transition: what triggers it, where it leads, who may, when, and what it does. */
export function TransitionPanel({ path }: { path: string }) {
  const { definition, edit, select, readOnly } = useDraft()
  const say = useWords(designerWords)
  const sayPart = useWords(panelWords)
  const text = useText()
  const found = transitionsOf(definition).find((each) => each.path === path)
  if (found === undefined) return null
  const { transition, trigger, from } = found
  const set = (part: string, value: unknown, as?: string) => edit({ type: 'set', path: at(path, part), value }, as)
  const event = trigger.kind === 'on' ? definition.events[trigger.name] : undefined
  const roadTo = transition.target?.slice(1)
  const companions = transitionsOf(definition).filter(
    (each) => each.from === from && each.transition.target === transition.target && each.path !== path,
  )
  return (
    <Stack gap="sm">
      <PanelHead
        kind={say('transition')}
        title={text(transitionWords(definition, found))}
        onRemove={() => {
          edit({ type: 'set', path, value: undefined })
          select(pathOf(from))
        }}
      />
      <Text fz="xs" c="dimmed">
        {say(`hint_${trigger.kind === 'on' ? (event?.kind === 'user' ? 'press' : 'external') : trigger.kind}`)}
      </Text>
      {trigger.kind === 'on' && event !== undefined && (
        <LabelFields
          label={say('buttonLabel')}
          value={event.label}
          disabled={readOnly}
          onChange={(value) =>
            edit({ type: 'set', path: at('$', 'events', trigger.name, 'label'), value }, `event ${trigger.name}`)
          }
        />
      )}
      <Select
        size="xs"
        label={say('leadsTo')}
        disabled={readOnly}
        data={[
          { value: '', label: say('staysHere') },
          ...statesOf(definition)
            .filter(({ id }) => id !== from)
            .map(({ id, state }) => ({ value: `#${id}`, label: text(state.label) })),
        ]}
        value={transition.target ?? ''}
        searchable
        allowDeselect={false}
        onChange={(value) => set('target', value === '' ? undefined : value)}
      />
      {roadTo !== undefined && !readOnly && <InsertState found={found} />}
      {event?.kind === 'user' && (
        <Section title={say('whoMay')}>
          <AllowEditor
            value={transition.allow ?? []}
            onChange={(value: Allow[]) => set('allow', value.length === 0 ? undefined : value)}
          />
        </Section>
      )}
      {event?.kind === 'user' && trigger.kind === 'on' && <FormEditor event={trigger.name} />}
      <Section title={sayPart('guard')}>
        <Suspense fallback={<Loading rows={2} />}>
          <GuardEditor path={path} value={transition.guard} />
        </Suspense>
      </Section>
      {found.of > 1 && <Order found={found} />}
      {companions.length > 0 && (
        <Section title={say('sameRoad', { to: text(stateAt(definition, roadTo ?? from)?.label) })}>
          {companions.map((each) => (
            <PartLine
              key={each.path}
              path={each.path}
              title={text(transitionWords(definition, each))}
              hint={say(`trigger_${each.trigger.kind}`)}
            />
          ))}
        </Section>
      )}
    </Stack>
  )
}

/** The quickest way to a new state between two others. */
function InsertState({ found }: { found: FoundTransition }) {
  const say = useWords(designerWords)
  const acts = useActs()
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconRowInsertBottom size={16} />}
      onClick={() => acts.state({ kind: 'people', onto: found.path })}
    >
      {say('insertState')}
    </Button>
  )
}

/** Candidates of one trigger are asked in order; the first that may is taken. */
function Order({ found }: { found: FoundTransition }) {
  const { definition, edit, select, readOnly } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const list = found.path.replace(/\[\d+\]$/, '')
  const all = transitionsOf(definition).filter(({ path }) => path.replace(/\[\d+\]$/, '') === list)
  const move = (to: number) => {
    edit({ type: 'swap', list, a: found.position, b: to })
    select(at(list, to))
  }
  return (
    <Section title={say('order')}>
      <Text fz="xs" c="dimmed">
        {say('orderHint')}
      </Text>
      {all.map((each) => {
        const to = each.transition.target
        return (
          <PartLine
            key={each.path}
            path={each.path}
            title={`${each.position + 1}. ${to === undefined ? say('staysHere') : text(stateAt(definition, to.slice(1))?.label) || to}`}
            {...(each.path === found.path && { hint: say('thisOne') })}
          />
        )
      })}
      {!readOnly && (
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            disabled={found.position === 0}
            leftSection={<IconArrowUp size={14} />}
            onClick={() => move(found.position - 1)}
          >
            {say('earlier')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={found.position === found.of - 1}
            leftSection={<IconArrowDown size={14} />}
            onClick={() => move(found.position + 1)}
          >
            {say('later')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

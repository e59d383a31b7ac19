import { Alert, Anchor, Breadcrumbs, ScrollArea, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../../../words/words.ts'
import { panelPlace } from '../check/finding-place.ts'
import { useDraft } from '../draft.tsx'
import { pathOf, stateAt, stateOf } from '../model/states.ts'
import { JsonPart } from './json-part.tsx'
import { CallPanel, DeadlinePanel, MessagePanel } from './part-panels.tsx'
import { ProcessPanel } from './process-panel.tsx'
import { StatePanel } from './state-panel.tsx'
import { TransitionPanel } from './transition-panel.tsx'

/** The properties of what is selected, with what the checks say about it. */
export function Panel() {
  const { definition, selected } = useDraft()
  const place = panelPlace(definition, selected)
  const state = stateOf(place)
  return (
    <ScrollArea h="100%" scrollbarSize={7} viewportProps={{ tabIndex: -1 }}>
      <Stack gap="md" p="md">
        <Crumbs state={state} />
        <Findings place={place} />
        {contentOf(place, state)}
      </Stack>
    </ScrollArea>
  )
}

function contentOf(place: string, state: string): ReactNode {
  if (place === '$') return <ProcessPanel />
  if (place === pathOf(state)) return <StatePanel key={place} id={state} />
  const [, part = ''] = /\.(after|notify|invoke)\[\d+\]$/.exec(place) ?? []
  if (part === 'after') return <DeadlinePanel key={place} path={place} />
  if (part === 'notify') return <MessagePanel key={place} path={place} />
  if (part === 'invoke') return <CallPanel key={place} path={place} />
  if (/\.(on\.[\w-]+|always|onDone|onError|then)\[\d+\]$/.test(place))
    return <TransitionPanel key={place} path={place} />
  return <JsonPart key={place} path={place} />
}

function Crumbs({ state }: { state: string }) {
  const { definition, select } = useDraft()
  const text = useText()
  const ids = state === '' ? [] : state.split('.').map((_, i, keys) => keys.slice(0, i + 1).join('.'))
  return (
    <Breadcrumbs fz="xs" separatorMargin={6}>
      {['', ...ids].map((id) => (
        <Anchor key={id} component="button" type="button" fz="xs" onClick={() => select(pathOf(id))}>
          {text(id === '' ? definition.label : stateAt(definition, id)?.label)}
        </Anchor>
      ))}
    </Breadcrumbs>
  )
}

/** What the checks say about this very place, and nothing of the places inside that have a panel of their own. */
function Findings({ place }: { place: string }) {
  const { definition, findings } = useDraft()
  const text = useText()
  const here = findings.filter(({ path, severity }) => severity !== 'info' && panelPlace(definition, path) === place)
  return (
    <>
      {here.map(({ rule, severity, path, message }) => (
        <Alert
          key={`${rule} ${path} ${message.en}`}
          color={severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'blue'}
          p="xs"
          title={<Text fz="xs">{rule}</Text>}
        >
          {text(message)}
        </Alert>
      ))}
    </>
  )
}

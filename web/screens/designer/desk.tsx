import { ActionIcon, Badge, Button, Center, Loader, SegmentedControl, Text, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconChevronUp,
  IconLayoutDashboard,
} from '@tabler/icons-react'
import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { Finding } from '../../../definitions/check/finding.ts'
import { at } from '../../../definitions/check/place.ts'
import { useFormat } from '../../format/use-format.ts'
import { usePreferences } from '../../shell/preferences.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { type Acts, ActsProvider } from './acts.ts'
import { Canvas, type CanvasActs } from './canvas/canvas.tsx'
import type { Shade } from './canvas/drawing.ts'
import { mirrored } from './canvas/places.ts'
import { useLayout } from './canvas/use-layout.ts'
import { marksOf, walkOf } from './check/finding-place.ts'
import { Problems } from './check/problems.tsx'
import { Differences, useComparison } from './compare/compare.tsx'
import classes from './designer.module.css'
import { useDraft } from './draft.tsx'
import { modeWords } from './mode-words.ts'
import { freeKey, pathOf, stateAt } from './model/states.ts'
import { NewRoad, type RoadWish } from './new-road.tsx'
import { NewState, type StateWish } from './new-state.tsx'
import { Palette } from './palette.tsx'
import { Panel } from './panel/panel.tsx'
import { RoleMatrix } from './panel/role-matrix.tsx'
import { SaveButton, type Stored } from './save-button.tsx'
import { Simulate } from './simulate/simulate.tsx'
import { useSimulation } from './simulate/use-simulation.ts'
import { useClipboard } from './use-clipboard.ts'
import { useKeys } from './use-keys.ts'
import { designerWords } from './words.ts'

/** The desk of the designer: bar, canvas, properties and findings around one definition. */
export function Desk(props: { stored: Stored }) {
  return (
    <ReactFlowProvider>
      <Tools {...props} />
    </ReactFlowProvider>
  )
}

/** The text editor is loaded when it is first asked for. */
const JsonEditor = lazy(async () => ({ default: (await import('./json/json-editor.tsx')).JsonEditor }))

const modes = ['edit', 'roles', 'simulate', 'compare', 'json'] as const
const noShades = new Map<string, Shade>()

function Tools({ stored }: { stored: Stored }) {
  const draft = useDraft()
  const { definition, findings, readOnly, edit, select, undo, redo } = draft
  const say = useWords(designerWords)
  const text = useText()
  const { num } = useFormat()
  const { lang } = usePreferences()
  const flow = useReactFlow()
  const layout = useLayout()
  const sayMode = useWords(modeWords)
  const [params, setParams] = useSearchParams()
  const mode = modes.find((each) => each === params.get('mode')) ?? 'edit'
  const simulation = useSimulation(mode === 'simulate')
  const comparison = useComparison(stored.id, mode === 'compare')
  const [stateWish, setStateWish] = useState<StateWish>()
  const [roadWish, setRoadWish] = useState<RoadWish>()
  const [shown, setShown] = useState<Finding>()
  const [wantsFolded, setFolded] = useState<boolean>()
  const [picked, setPicked] = useState<string[]>([])
  const direction = lang === 'fa' ? 'rtl' : 'ltr'
  const places = useMemo(
    () => (draft.places === null || draft.places.direction === direction ? draft.places : mirrored(draft.places)),
    [draft.places, direction],
  )
  const marks = useMemo(() => marksOf(definition, findings), [definition, findings])
  const { runs } = simulation
  const walk = useMemo(() => {
    if (runs !== null)
      return walkOf(
        definition,
        runs.map((each) => ({ stimulus: '', to: each.in })),
      )
    return shown?.counterExample === undefined ? undefined : walkOf(definition, shown.counterExample)
  }, [definition, shown, runs])
  const shades = useMemo<Map<string, Shade>>(() => {
    if (mode === 'compare') return comparison.drawn?.shades ?? noShades
    return new Map((runs?.at(-1)?.in ?? []).map((id) => [id.replace(/^#/, ''), 'present']))
  }, [mode, comparison.drawn, runs])
  // A finding that is gone is drawn no longer.
  useEffect(() => {
    setShown((old) => old && findings.find(({ rule, path }) => rule === old.rule && path === old.path))
  }, [findings])
  useClipboard(picked)
  useKeys(picked)

  const middle = useCallback(() => {
    const box = document.querySelector('.react-flow')?.getBoundingClientRect()
    return flow.screenToFlowPosition({
      x: (box?.x ?? 0) + (box?.width ?? 0) / 2,
      y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
    })
  }, [flow])
  const acts = useMemo<Acts>(() => {
    const addTo = (state: string, part: 'invoke' | 'after' | 'notify', value: unknown) => {
      const list = stateAt(definition, state)?.[part] ?? []
      edit({ type: 'set', path: at(pathOf(state), part, list.length), value })
      select(at(pathOf(state), part, list.length))
    }
    const idFor = (state: string, words: string) => {
      const { invoke = [], after = [], sla = [], notify = [] } = stateAt(definition, state) ?? {}
      return freeKey(
        words,
        [...invoke, ...after, ...sla, ...notify].map(({ id }) => id ?? ''),
        words,
      )
    }
    const calendar = Object.keys(definition.calendars ?? {})[0]
    return {
      state: (wish) => setStateWish({ at: middle(), ...wish }),
      road: setRoadWish,
      call: (state) =>
        addTo(state, 'invoke', {
          id: idFor(state, 'call'),
          activity: Object.keys(draft.catalogues.activities)[0],
          input: {},
        }),
      deadline: (state) =>
        addTo(state, 'after', {
          id: idFor(state, 'deadline'),
          delay: 'PT8H',
          ...(calendar !== undefined && { calendar }),
        }),
      message: (state) =>
        addTo(state, 'notify', {
          id: idFor(state, 'message'),
          channels: ['sms'],
          template: Object.keys(draft.catalogues.templates)[0] ?? '',
          to: 'customer',
        }),
    }
  }, [definition, edit, select, middle, draft.catalogues])
  const canvasActs = useMemo<CanvasActs | null>(
    () =>
      readOnly || mode !== 'edit'
        ? null
        : {
            onRoad: (from, to) => setRoadWish({ from, to }),
            onState: (point, kind, from) => setStateWish({ at: point, kind, ...(from !== undefined && { from }) }),
          },
    [readOnly, mode],
  )
  // Without findings the list gives its room to the drawing.
  const folded = wantsFolded ?? findings.length === 0
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length

  return (
    <ActsProvider value={acts}>
      <div className={classes['desk']}>
        <div className={classes['bar']}>
          <span className={classes['title']}>
            {text(definition.label)}
            <Text span fz="xs" c="dimmed">
              {say('version', { version: num(stored.version) })}
            </Text>
          </span>
          <Badge variant="light" color={stored.status === 'published' ? 'teal' : 'gray'}>
            {say(stored.status)}
          </Badge>
          {readOnly && (
            <Badge variant="outline" color="gray">
              {say('readOnly')}
            </Badge>
          )}
          <SegmentedControl
            size="xs"
            aria-label={sayMode('mode')}
            data={modes.map((value) => ({ value, label: sayMode(value) }))}
            value={mode}
            onChange={(value) => setParams(value === 'edit' ? {} : { mode: value }, { replace: true })}
          />
          <span style={{ flex: 1 }} />
          <Button component={Link} to={`/definitions/${stored.id}`} size="xs" variant="subtle">
            {say('toReview')}
          </Button>
          <Tooltip label={`${say('undo')} (Ctrl Z)`}>
            <ActionIcon variant="default" aria-label={say('undo')} disabled={undo === undefined} onClick={undo}>
              <IconArrowBackUp size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`${say('redo')} (Ctrl Shift Z)`}>
            <ActionIcon variant="default" aria-label={say('redo')} disabled={redo === undefined} onClick={redo}>
              <IconArrowForwardUp size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={say('tidy')}>
            <ActionIcon variant="default" aria-label={say('tidy')} loading={layout.busy} onClick={() => layout.tidy()}>
              <IconLayoutDashboard size={18} />
            </ActionIcon>
          </Tooltip>
          {!readOnly && <SaveButton />}
        </div>
        <div className={classes['canvas']}>
          {mode === 'roles' ? (
            <RoleMatrix />
          ) : mode === 'json' ? (
            <Suspense fallback={<Loading rows={8} />}>
              <JsonEditor label={sayMode('json')} />
            </Suspense>
          ) : places === null ? (
            layout.failed ? (
              <Empty title={say('notLaid')} />
            ) : (
              <Center h="100%">
                <Loader size="sm" me="sm" />
                <Text fz="sm">{say('laying')}</Text>
              </Center>
            )
          ) : (
            <Canvas
              definition={(mode === 'compare' ? comparison.drawn?.union : undefined) ?? definition}
              places={places}
              marks={marks}
              walk={walk}
              shades={shades}
              acts={canvasActs}
              onPicked={setPicked}
            />
          )}
          {canvasActs !== null && places !== null && <Palette />}
        </div>
        <aside className={classes['side']}>
          {mode === 'simulate' ? (
            <Simulate simulation={simulation} />
          ) : mode === 'compare' ? (
            <Differences {...comparison} />
          ) : (
            <Panel />
          )}
        </aside>
        <div className={classes['below']} data-folded={folded || undefined}>
          <div className={classes['belowHead']}>
            <Text fz="sm" fw={700}>
              {say('problems')}
            </Text>
            <Badge color={errors > 0 ? 'red' : 'teal'} variant="light" aria-label={`${say('error')}: ${errors}`}>
              {num(errors)} {say('error')}
            </Badge>
            {warnings > 0 && (
              <Badge color="yellow" variant="light">
                {num(warnings)} {say('warning')}
              </Badge>
            )}
            {draft.checking && <Loader size={14} />}
            <span style={{ flex: 1 }} />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say('problems')}
              aria-expanded={!folded}
              onClick={() => setFolded(!folded)}
            >
              {folded ? <IconChevronUp size={18} /> : <IconChevronDown size={18} />}
            </ActionIcon>
          </div>
          {!folded && (
            <div className={classes['belowBody']}>
              <Problems shown={shown} onShow={setShown} />
            </div>
          )}
        </div>
      </div>
      {stateWish !== undefined && places !== null && (
        <NewState
          wish={stateWish}
          places={places}
          onClose={() => setStateWish(undefined)}
          onMade={(id, leadTo) => {
            const { from } = stateWish
            setStateWish(undefined)
            if (from !== undefined) setRoadWish({ from, to: id })
            else if (leadTo !== undefined) setRoadWish({ from: id, to: leadTo })
          }}
        />
      )}
      {roadWish !== undefined && <NewRoad wish={roadWish} onClose={() => setRoadWish(undefined)} />}
    </ActsProvider>
  )
}

import '@xyflow/react/dist/base.css'
import { useMantineColorScheme } from '@mantine/core'
import {
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  type FinalConnectionState,
  MiniMap,
  type Node,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react'
import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Definition } from '../../../../definitions/format.ts'
import { usePreferences } from '../../../shell/preferences.tsx'
import { useWords } from '../../../words/words.ts'
import type { Marks, Walk } from '../check/finding-place.ts'
import { useDraft } from '../draft.tsx'
import { pathOf, stateOf } from '../model/states.ts'
import { designerWords } from '../words.ts'
import classes from './canvas.module.css'
import { completed, drawn, type RoadData, type Shade, type StateData } from './drawing.ts'
import type { Places, Point } from './places.ts'
import { RoadLine } from './road-line.tsx'
import { GroupBox, StateBox } from './state-box.tsx'

const nodeTypes = { state: StateBox, 'group-of-states': GroupBox }
const edgeTypes = { road: RoadLine }

/** What a person may begin by drawing: an arrow between two states, or a state at a place, perhaps at the end of an arrow. */
export interface CanvasActs {
  onRoad: (from: string, to: string) => void
  onState: (at: Point, kind: string, from?: string) => void
}

/** The definition as a drawing that one edits. Everything on it can be reached by Tab, moved by arrow keys and opened by Enter. */
export function Canvas(props: {
  /** What is drawn: the definition on the desk, or a comparison of it. */
  definition: Definition
  places: Places
  marks: Marks
  walk: Walk | undefined
  shades: Map<string, Shade>
  acts: CanvasActs | null
  onPicked: (ids: string[]) => void
}) {
  const { selected, select, place } = useDraft()
  const { definition, marks, walk, shades, acts, onPicked } = props
  const say = useWords(designerWords)
  const { lang } = usePreferences()
  const flow = useReactFlow()
  const { colorScheme } = useMantineColorScheme()
  const places = useMemo(() => completed(definition, props.places), [definition, props.places])
  const { nodes: base, edges } = useMemo(
    () => drawn(definition, places, { marks, walk, shades, selected }),
    [definition, places, marks, walk, shades, selected],
  )
  const [nodes, setNodes] = useState<Node<StateData>[]>([])
  useEffect(() => {
    setNodes((old) => {
      const chosen = new Set(old.filter((node) => node.selected === true).map(({ id }) => id))
      return base.map((node) => ({
        ...node,
        selected: chosen.has(node.id),
        ariaLabel: node.data.label[lang],
        draggable: acts !== null,
      }))
    })
  }, [base, lang, acts])

  // What another part of the screen selects is shown and chosen here.
  const chosenHere = useRef('$')
  useEffect(() => {
    const id = stateOf(selected)
    setNodes((old) => old.map((node) => ({ ...node, selected: node.id === id && selected === pathOf(id) })))
    if (selected === chosenHere.current || id === '') return
    chosenHere.current = selected
    void flow.fitView({ nodes: [{ id }], duration: 250, maxZoom: 1, minZoom: 0.6, padding: 1.2 })
  }, [selected, flow])

  const change = (changes: NodeChange<Node<StateData>>[]) => {
    const next = applyNodeChanges(
      changes.filter(({ type }) => type === 'position' || type === 'select'),
      nodes,
    )
    setNodes(next)
    if (changes.some(({ type }) => type === 'select')) {
      const ids = next.filter((node) => node.selected === true).map(({ id }) => id)
      onPicked(ids)
      const [only] = ids
      if (ids.length === 1 && only !== undefined) {
        chosenHere.current = pathOf(only)
        select(pathOf(only))
      }
    }
    const ended = changes.flatMap((each) =>
      each.type === 'position' && each.dragging !== true && each.position !== undefined
        ? [{ id: each.id, at: each.position }]
        : [],
    )
    if (ended.length > 0 && acts !== null) place(movedPlaces(places, ended), ended.map(({ id }) => id).join())
  }

  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData('application/x-samfony-state')
    if (kind === '') return
    event.preventDefault()
    acts?.onState(flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }), kind)
  }

  const connectEnd = (event: MouseEvent | TouchEvent, { fromNode, toNode }: FinalConnectionState) => {
    if (fromNode === null || toNode !== null) return
    const { clientX: x, clientY: y } =
      'changedTouches' in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event
    acts?.onState(flow.screenToFlowPosition({ x, y }), 'people', fromNode.id)
  }

  return (
    <div className={classes['flow']} dir="ltr" onDrop={drop} onDragOver={(event) => event.preventDefault()}>
      <Arrow />
      <ReactFlow<Node<StateData>, Edge<RoadData>>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={change}
        onNodeClick={(_, { id }) => select(pathOf(id))}
        onEdgeClick={(_, { data }) => select(data?.paths[0] ?? '$')}
        onPaneClick={() => select('$')}
        onConnect={({ source, target }) => acts?.onRoad(source, target)}
        onConnectEnd={connectEnd}
        nodesConnectable={acts !== null}
        nodesDraggable={acts !== null}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionKeyCode="Shift"
        minZoom={0.1}
        maxZoom={1.8}
        onInit={() => showBeginning(flow, places)}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        proOptions={{ hideAttribution: true }}
        nodeDragThreshold={4}
        aria-label={say('canvas')}
      >
        <Background gap={22} />
        <Controls showInteractive={false} aria-label={say('view')} />
        <MiniMap pannable zoomable nodeStrokeWidth={6} ariaLabel={say('miniMap')} />
      </ReactFlow>
    </div>
  )
}

function movedPlaces(places: Places, moves: { id: string; at: Point }[]): Places {
  const boxes = { ...places.boxes }
  for (const { id, at } of moves) {
    const box = boxes[id]
    if (box !== undefined) boxes[id] = { ...box, x: Math.round(at.x), y: Math.round(at.y) }
  }
  return { ...places, boxes }
}

/** As wide as the drawing, from its top: whole, it would be too small to read. */
export function showBeginning(flow: ReturnType<typeof useReactFlow>, { boxes }: Places): void {
  const outer = Object.entries(boxes).filter(([id]) => !id.includes('.'))
  const [left, right] = [
    Math.min(...outer.map(([, { x }]) => x)),
    Math.max(...outer.map(([, { x, width }]) => x + width)),
  ]
  const top = Math.min(...outer.map(([, { y }]) => y))
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect()
  const zoom = Math.min(1, Math.max(0.5, (pane?.width ?? 1000) / (right - left + 80)))
  void flow.setViewport({ x: (pane?.width ?? 1000) / 2 - ((left + right) / 2) * zoom, y: 24 - top * zoom, zoom })
}

/** The head of all arrows, in the colour of each. */
function Arrow() {
  return (
    <svg className={classes['defs']} aria-hidden="true">
      <defs>
        <marker
          id="designer-arrow"
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
          style={{ overflow: 'visible' }}
        >
          <path d="M-2,-1 L9,5 L-2,11 z" fill="context-stroke" stroke="none" />
        </marker>
      </defs>
    </svg>
  )
}

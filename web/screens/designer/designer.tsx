import { useMemo } from 'react'
import { useParams } from 'react-router'
import type { CheckCatalogues } from '../../../definitions/check/finding.ts'
import type { Definition } from '../../../definitions/format.ts'
import { api } from '../../client/client.ts'
import { useMay } from '../../shell/me.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { readPlaces } from './canvas/places.ts'
import { Desk } from './desk.tsx'
import { DraftProvider } from './draft.tsx'
import { statesOf } from './model/states.ts'

/** Draws a definition and changes it (WF11, WF12): the newest version, or the one in the address. */
export function Screen() {
  const { id = '', version } = useParams()
  const known = api.useQuery(
    'get',
    '/v1/definitions/{id}',
    { params: { path: { id } } },
    { enabled: version === undefined },
  )
  const wanted = Number(version ?? Math.max(0, ...(known.data?.versions.map((each) => each.version) ?? [])))
  const stored = api.useQuery(
    'get',
    '/v1/definitions/{id}/versions/{version}',
    { params: { path: { id, version: wanted } } },
    { enabled: wanted > 0, staleTime: Number.POSITIVE_INFINITY },
  )
  const catalogues = api.useQuery('get', '/v1/definition-catalogues', {}, { staleTime: 300_000 })
  const error = known.error ?? stored.error ?? catalogues.error
  if (error !== null) return <Failed error={error} retry={() => void stored.refetch()} />
  if (stored.data === undefined || catalogues.data === undefined) return <Loading rows={10} />
  return (
    <Opened key={`${id}@${wanted}`} stored={stored.data} catalogues={catalogues.data.catalogues as CheckCatalogues} />
  )
}

type Version = NonNullable<ReturnType<typeof useVersion>['data']>
const useVersion = () =>
  api.useQuery('get', '/v1/definitions/{id}/versions/{version}', { params: { path: { id: '', version: 0 } } })

function Opened({ stored, catalogues }: { stored: Version; catalogues: CheckCatalogues }) {
  const may = useMay()
  const definition = useMemo(() => JSON.parse(stored.text) as Definition, [stored.text])
  const places = useMemo(
    () =>
      readPlaces(
        stored.layout,
        statesOf(definition).map(({ id }) => id),
      ),
    [stored.layout, definition],
  )
  return (
    <DraftProvider definition={definition} places={places} catalogues={catalogues} readOnly={!may('definitions.write')}>
      <Desk stored={stored} />
    </DraftProvider>
  )
}

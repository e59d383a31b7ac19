import { api } from '../../client/client.ts'
import { EntityTable } from '../../ui/entity-table.tsx'
import { usePages } from '../../ui/pages.ts'
import { Code, PageHead, Section, When } from '../../ui/pieces.tsx'
import { Empty } from '../../ui/states.tsx'
import { useWords } from '../../words/words.ts'

/** What people did, newest first; each entry is chained to the one before (WF14). */
export function Screen() {
  const say = useWords(words)
  const { cursor, pagesOf } = usePages('audit')
  const found = api.useQuery('get', '/v1/audit', {
    params: { query: { limit: 50, ...(cursor !== undefined && { before: Number(cursor) }) } },
  })
  const next = found.data?.next
  return (
    <>
      <PageHead title={say('title')} />
      <Section flush>
        <EntityTable
          name="audit"
          label={say('title')}
          rows={found.data?.entries}
          keyOf={({ id }) => String(id)}
          error={found.error}
          retry={() => void found.refetch()}
          pages={pagesOf(next === null || next === undefined ? null : String(next))}
          empty={<Empty title={say('none')} />}
          columns={[
            { key: 'at', title: say('at'), cell: ({ at }) => <When at={at} />, place: 'side' },
            { key: 'actor', title: say('actor'), cell: ({ actor }) => <Code>{actor}</Code>, place: 'title' },
            { key: 'action', title: say('action'), cell: ({ action }) => <Code>{action}</Code> },
            {
              key: 'entity',
              title: say('entity'),
              cell: ({ entity, entityId }) => <Code>{`${entity} ${entityId}`}</Code>,
            },
            {
              key: 'detail',
              title: say('detail'),
              cell: ({ detail }) => <Code>{JSON.stringify(detail)?.slice(0, 120)}</Code>,
              place: 'none',
            },
            { key: 'ip', title: 'IP', cell: ({ ip }) => <Code>{ip}</Code>, place: 'none' },
          ]}
        />
      </Section>
    </>
  )
}

const words = {
  title: { fa: 'رویدادنگاری', en: 'Audit log' },
  at: { fa: 'زمان', en: 'Time' },
  actor: { fa: 'چه کسی', en: 'Who' },
  action: { fa: 'چه کرد', en: 'Did' },
  entity: { fa: 'با چه', en: 'To' },
  detail: { fa: 'جزئیات', en: 'Detail' },
  none: { fa: 'رویدادی نیست', en: 'No entries' },
}

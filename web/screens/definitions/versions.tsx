import { Badge, Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { api } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import { Review } from './review.tsx'
import { Rollouts } from './rollouts.tsx'
import { useAct } from './use-act.ts'
import { definitionsWords } from './words.ts'

/** One definition: its versions, the review of the draft, and which version new orders run by (WF6, WF18). */
export function Screen() {
  const { id = '' } = useParams()
  const say = useWords(definitionsWords)
  const text = useText()
  const may = useMay()
  const { num, dateTime } = useFormat()
  const { data, error, refetch } = api.useQuery('get', '/v1/definitions/{id}', { params: { path: { id } } })
  const [rolling, setRolling] = useState<number>()
  const act = useAct()
  const point = api.useMutation('put', '/v1/definitions/{id}/current', act)
  const retire = api.useMutation('post', '/v1/definitions/{id}/versions/{version}/retire', act)
  const reinstate = api.useMutation('post', '/v1/definitions/{id}/versions/{version}/reinstate', act)
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />
  if (data === undefined) return <Loading />
  const versions = [...data.versions].sort((a, b) => b.version - a.version)
  const [newest] = versions
  if (newest === undefined) return null
  const busy = point.isPending || retire.isPending || reinstate.isPending
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={1} fz="xl">
            {text({ fa: newest.labelFa, en: newest.labelEn })}
          </Title>
          <Text c="dimmed" fz="sm">
            <bdi dir="ltr">{id}</bdi>
          </Text>
        </div>
        <Button component={Link} to={`/designer/${id}`} leftSection={<IconPencil size={16} />}>
          {say('openDesigner')}
        </Button>
      </Group>
      {newest.status === 'draft' && <Review id={id} version={newest.version} current={data.currentVersion} />}
      <Card withBorder padding={0}>
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{say('versionColumn')}</Table.Th>
                <Table.Th>{say('status')}</Table.Th>
                <Table.Th>{say('written')}</Table.Th>
                <Table.Th>{say('published')}</Table.Th>
                <Table.Th aria-label={say('actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {versions.map((each) => {
                const path = { id, version: each.version }
                return (
                  <Table.Tr key={each.version} data-version={each.version}>
                    <Table.Td>
                      <Link to={`/designer/${id}/${each.version}`}>
                        {say('version', { version: num(each.version) })}
                      </Link>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6}>
                        <Badge
                          variant="light"
                          color={each.status === 'published' ? 'teal' : each.status === 'draft' ? 'orange' : 'gray'}
                        >
                          {say(`status_${each.status}`)}
                        </Badge>
                        {each.current && <Badge variant="light">{say('isCurrent')}</Badge>}
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      <Text fz="xs">{each.createdBy ?? '—'}</Text>
                      <Text fz="xs" c="dimmed">
                        {dateTime(each.createdAt)}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {each.publishedAt !== null && (
                        <>
                          <Text fz="xs">{each.publishedBy ?? '—'}</Text>
                          <Text fz="xs" c="dimmed">
                            {dateTime(each.publishedAt)}
                          </Text>
                        </>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6} justify="end">
                        {each.status === 'published' && !each.current && may('definitions.publish') && (
                          <Button
                            size="compact-xs"
                            variant="light"
                            loading={busy}
                            onClick={() => point.mutate({ params: { path: { id } }, body: { version: each.version } })}
                          >
                            {say('makeCurrent')}
                          </Button>
                        )}
                        {each.status === 'published' && !each.current && may('definitions.rollout') && (
                          <Button size="compact-xs" variant="light" onClick={() => setRolling(each.version)}>
                            {say('rollOut')}
                          </Button>
                        )}
                        {each.status === 'published' && !each.current && may('definitions.publish') && (
                          <Button
                            size="compact-xs"
                            variant="subtle"
                            color="gray"
                            loading={busy}
                            onClick={() => retire.mutate({ params: { path, header: act.header() } })}
                          >
                            {say('retire')}
                          </Button>
                        )}
                        {each.status === 'retired' && may('definitions.publish') && (
                          <Button
                            size="compact-xs"
                            variant="light"
                            loading={busy}
                            onClick={() => reinstate.mutate({ params: { path, header: act.header() } })}
                          >
                            {say('reinstate')}
                          </Button>
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
      <Rollouts id={id} starting={rolling} onStarted={() => setRolling(undefined)} />
    </Stack>
  )
}

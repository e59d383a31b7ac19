import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { api } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import classes from './definitions.module.css'
import { definitionsWords } from './words.ts'

/** Every process of the company, with the version that new orders run by and the draft that waits. */
export function Screen() {
  const say = useWords(definitionsWords)
  const text = useText()
  const { num, dateTime } = useFormat()
  const { data, error, refetch } = api.useQuery('get', '/v1/definitions')
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />
  if (data === undefined) return <Loading />
  const ids = [...new Set(data.definitions.map(({ id }) => id))]
  if (ids.length === 0) return <Empty title={say('none')} hint={say('noneHint')} />
  return (
    <Stack>
      <div>
        <Title order={1} fz="xl">
          {say('title')}
        </Title>
        <Text c="dimmed" fz="sm">
          {say('hint')}
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {ids.map((id) => {
          const versions = data.definitions.filter((each) => each.id === id)
          const newest = versions.reduce((a, b) => (b.version > a.version ? b : a))
          const current = versions.find((each) => each.current)
          return (
            <Card key={id} withBorder component={Link} to={`/definitions/${id}`} className={classes['card'] ?? ''}>
              <Text fw={700}>{text({ fa: newest.labelFa, en: newest.labelEn })}</Text>
              <Text fz="xs" c="dimmed">
                <bdi dir="ltr">{id}</bdi>
              </Text>
              <Group gap={6} mt="sm">
                {current !== undefined && (
                  <Badge variant="light" color="teal">
                    {say('current', { version: num(current.version) })}
                  </Badge>
                )}
                {newest.status === 'draft' && (
                  <Badge variant="light" color="orange">
                    {say('draft', { version: num(newest.version) })}
                  </Badge>
                )}
              </Group>
              <Text fz="xs" c="dimmed" mt="sm">
                {say('versions', { n: num(versions.length) })} · {dateTime(newest.publishedAt ?? newest.createdAt)}
              </Text>
            </Card>
          )
        })}
      </SimpleGrid>
    </Stack>
  )
}

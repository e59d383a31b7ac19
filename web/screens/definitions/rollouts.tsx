import { Badge, Button, Card, Group, Modal, NumberInput, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../client/client.ts'
import { latin } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { useMay } from '../../shell/me.tsx'
import { useText, useWords } from '../../words/words.ts'
import { useAct } from './use-act.ts'
import { definitionsWords } from './words.ts'

/** Versions that take a share of the new orders, beside the figures of the version that they may replace. */
export function Rollouts({
  id,
  starting,
  onStarted,
}: {
  id: string
  starting: number | undefined
  onStarted: () => void
}) {
  const say = useWords(definitionsWords)
  const text = useText()
  const may = useMay()
  const { num, percent } = useFormat()
  const act = useAct()
  const { data } = api.useQuery('get', '/v1/definitions/{id}/rollouts', { params: { path: { id } } })
  const [share, setShare] = useState(10)
  const start = api.useMutation('post', '/v1/definitions/{id}/rollouts', {
    ...act,
    onSuccess: () => {
      act.onSuccess()
      onStarted()
    },
  })
  const end = api.useMutation('post', '/v1/definitions/{id}/rollouts/{rollout}/end', act)
  return (
    <>
      {(data?.rollouts ?? []).length > 0 && (
        <Card withBorder>
          <Title order={2} fz="md" mb="sm">
            {say('rollouts')}
          </Title>
          <Stack>
            {data?.rollouts.map((one) => (
              <Stack key={one.id} gap={6}>
                <Group gap={8}>
                  <Text fw={600}>{say('version', { version: num(one.version) })}</Text>
                  <Badge variant="light">{say(`rollout_${one.status}`)}</Badge>
                  <Text fz="sm">{one.share === null ? (one.cityId ?? one.partnerId) : percent(one.share / 100)}</Text>
                  {one.reasons?.map((reason) => (
                    <Text key={reason.en} fz="sm" c="var(--mantine-color-error)">
                      {text(reason)}
                    </Text>
                  ))}
                  {one.status === 'running' && may('definitions.rollout') && (
                    <>
                      {(['completed', 'stopped'] as const).map((as) => (
                        <Button
                          key={as}
                          size="compact-xs"
                          variant="light"
                          {...(as === 'stopped' && { color: 'red' })}
                          loading={end.isPending}
                          onClick={() =>
                            end.mutate({
                              params: { path: { id, rollout: one.id }, header: act.header() },
                              body: { as },
                            })
                          }
                        >
                          {say(`end_${as}`)}
                        </Button>
                      ))}
                    </>
                  )}
                </Group>
                <Table fz="xs">
                  <Table.Thead>
                    <Table.Tr>
                      {(['versionColumn', 'orders', 'succeeded', 'failed', 'troubled', 'slow'] as const).map((head) => (
                        <Table.Th key={head}>{say(head)}</Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {[one.figures.fresh, one.figures.base].map((figures) => (
                      <Table.Tr key={figures.version}>
                        {[
                          figures.version,
                          figures.orders,
                          figures.succeeded,
                          figures.failed,
                          figures.troubled,
                          figures.slow,
                        ].map((value, i) => (
                          <Table.Td key={i}>{num(value)}</Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Stack>
            ))}
          </Stack>
        </Card>
      )}
      <Modal
        opened={starting !== undefined}
        onClose={onStarted}
        title={say('rollOutVersion', { version: num(starting ?? 0) })}
      >
        <Stack>
          <Text fz="sm" c="dimmed">
            {say('rollOutHint')}
          </Text>
          <NumberInput
            label={say('share')}
            min={1}
            max={100}
            suffix="%"
            value={share}
            onChange={(value) => setShare(Math.min(100, Math.max(1, Number(latin(String(value))) || 1)))}
          />
          <Group justify="end">
            <Button variant="default" onClick={onStarted}>
              {say('cancel')}
            </Button>
            <Button
              loading={start.isPending}
              onClick={() =>
                starting !== undefined &&
                start.mutate({
                  params: { path: { id }, header: act.header() },
                  body: { version: starting, audience: { share } },
                })
              }
            >
              {say('rollOut')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

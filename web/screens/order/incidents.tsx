import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, newKey, problemOf } from '../../client/client.ts'
import { useMay, useMe } from '../../shell/me.tsx'
import { When } from '../../ui/pieces.tsx'
import { useText, useWords } from '../../words/words.ts'
import type { Order } from './order.tsx'
import { orderWords } from './words.ts'

/** What stopped the order, and its repair: one person tries again; two agree to cancel (WF8). */
export function Incidents({ order }: { order: Order }) {
  const say = useWords(orderWords)
  const text = useText()
  const may = useMay()
  const me = useMe()
  const queries = useQueryClient()
  const [proposing, setProposing] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const open = api.useQuery(
    'get',
    '/v1/incidents',
    { params: { query: { order: order.id } } },
    { enabled: may('incidents.read') },
  )
  const told = (message: string) => ({
    onSuccess: () => {
      notifications.show({ color: 'teal', message })
      void queries.invalidateQueries()
    },
    onError: (error: unknown) => notifications.show({ color: 'red', message: text(problemOf(error).detail) }),
  })
  const retry = api.useMutation('post', '/v1/incidents/{order}/{id}/retry', told(say('retried')))
  const propose = api.useMutation('post', '/v1/incidents/{order}/{id}/proposals', told(say('proposed')))
  const approve = api.useMutation(
    'post',
    '/v1/incidents/{order}/{id}/proposals/{proposal}/approve',
    told(say('retried')),
  )
  const header = () => ({ 'Idempotency-Key': newKey() })
  return (
    <Stack gap="xs" mb="sm">
      {order.incidents.map((incident) => {
        const path = { order: order.id, id: incident.incidentId }
        const waiting = open.data?.proposals.filter(({ incidentId }) => incidentId === incident.incidentId) ?? []
        return (
          <Alert
            key={incident.incidentId}
            color="red"
            icon={<IconAlertTriangle size={18} />}
            title={`${incident.error.type} · ${incident.place}`}
          >
            <Text fz="sm">
              <bdi>{incident.error.message}</bdi> · <When at={incident.openedAt} />
            </Text>
            <Group gap="xs" mt="xs">
              {may('incidents.repair') && (
                <Button
                  size="compact-sm"
                  loading={retry.isPending}
                  onClick={() => retry.mutate({ params: { path, header: header() } })}
                >
                  {say('retryCall')}
                </Button>
              )}
              {may('incidents.propose') && (
                <Button size="compact-sm" variant="default" onClick={() => setProposing(incident.incidentId)}>
                  {say('proposeCancel')}
                </Button>
              )}
              {may('incidents.approve') &&
                waiting
                  .filter(({ proposedBy }) => proposedBy !== me.id)
                  .map((proposal) => (
                    <Button
                      key={proposal.id}
                      size="compact-sm"
                      color="red"
                      onClick={() =>
                        approve.mutate({ params: { path: { ...path, proposal: proposal.id }, header: header() } })
                      }
                    >
                      {say('approve')}
                    </Button>
                  ))}
            </Group>
          </Alert>
        )
      })}
      <Modal opened={proposing !== null} onClose={() => setProposing(null)} title={say('proposeCancel')}>
        <Textarea
          label={say('reason')}
          required
          minRows={2}
          autosize
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button
          mt="sm"
          disabled={reason.trim().length < 3}
          onClick={() => {
            if (proposing !== null)
              propose.mutate({
                params: { path: { order: order.id, id: proposing }, header: header() },
                body: { command: 'cancel', reason: reason.trim() },
              })
            setProposing(null)
          }}
        >
          {say('confirm')}
        </Button>
      </Modal>
    </Stack>
  )
}

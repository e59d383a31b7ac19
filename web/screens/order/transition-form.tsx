import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../domain/json.ts'
import { fetchClient, newKey, type Problem, problemOf } from '../../client/client.ts'
import type { paths } from '../../client/paths.ts'
import { faultsOf, fieldsOf } from '../../ui/form/schema.ts'
import { SchemaFields } from '../../ui/form/schema-fields.tsx'
import { useText, useWords } from '../../words/words.ts'
import { orderWords } from './words.ts'

export type Offer =
  paths['/v1/orders/{id}/transitions']['get']['responses']['200']['content']['application/json']['transitions'][number]

/** Asks what a transition needs, and presses it once: the key is made when the form opens, so a double click is one press. */
export function TransitionForm(props: { orderId: string; seq: number; offer: Offer; onClose: () => void }) {
  const { orderId, seq, offer, onClose } = props
  const say = useWords(orderWords)
  const text = useText()
  const queries = useQueryClient()
  const [key, setKey] = useState(newKey)
  const [answers, setAnswers] = useState<JsonObject>(() => prefillOf(offer))
  const [faults, setFaults] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const fields = offer.form === null ? [] : fieldsOf(offer.form)
  const label = text(offer.label)

  const press = async () => {
    if (offer.form !== null) {
      const wrong = faultsOf(offer.form.schema, answers)
      setFaults(wrong)
      if (wrong.size > 0) return
    }
    setBusy(true)
    setProblem(null)
    try {
      const { data, error } = await fetchClient.POST('/v1/orders/{id}/transitions', {
        params: { path: { id: orderId }, header: { 'Idempotency-Key': key } },
        body: { event: offer.event, payload: offer.form === null ? null : answers, expectedSeq: seq },
      })
      await queries.invalidateQueries({ queryKey: ['get', '/v1/orders/{id}'] })
      void queries.invalidateQueries({ queryKey: ['get', '/v1/orders/{id}/transitions'] })
      void queries.invalidateQueries({ queryKey: ['get', '/v1/orders/{id}/path'] })
      if (error !== undefined) throw error
      notifications.show({ color: 'teal', message: say(data.result === 'done' ? 'done' : 'pending', { event: label }) })
      onClose()
    } catch (error) {
      const refused = problemOf(error)
      setProblem(refused)
      setFaults(new Set(refused.errors.map(({ place }) => place.split('.').at(-1) ?? '')))
      // A refusal is remembered under its key: the next press is another wish.
      if (refused.status !== 0) setKey(newKey())
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal opened onClose={onClose} title={<b>{label}</b>} closeOnClickOutside={fields.length === 0}>
      <Stack>
        {offer.confirm !== null && <Text fz="sm">{text(offer.confirm)}</Text>}
        <SchemaFields
          fields={fields}
          answers={answers}
          onChange={setAnswers}
          faults={faults}
          upload={(file) => keepFile(orderId, file)}
        />
        {problem !== null && (
          <Alert color="red" role="alert">
            {problem.code === 'StaleSeq' ? say('stale') : text(problem.detail)}
            {problem.errors.map((fault) => (
              <div key={fault.place}>{text(fault)}</div>
            ))}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('cancel')}
          </Button>
          <Button loading={busy} onClick={() => void press()} data-autofocus={fields.length === 0 || undefined}>
            {fields.length === 0 ? say('confirm') : label}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function prefillOf({ form }: Offer): JsonObject {
  return Object.fromEntries(Object.entries(form?.prefill ?? {}).filter(([, value]) => value !== null)) as JsonObject
}

/** Attaches a file to an order and answers its address, as forms refer to it. Throws the API's problem. */
export async function keepFile(orderId: string, file: File): Promise<string> {
  const response = await fetch(`/v1/orders/${orderId}/documents?name=${encodeURIComponent(file.name)}`, {
    method: 'POST',
    headers: { 'Idempotency-Key': newKey(), 'Content-Type': 'application/octet-stream' },
    body: file,
  })
  const answer = (await response.json()) as { id: string }
  if (!response.ok) throw Object.assign(new Error('not kept'), { problem: answer })
  return `/v1/documents/${answer.id}`
}

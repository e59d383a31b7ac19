import { Button, Group, Text, Tooltip } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../../client/client.ts'
import { useText, useWords } from '../../words/words.ts'
import { type Offer, TransitionForm } from './transition-form.tsx'
import { orderWords } from './words.ts'

/** The transitions of an order: those the person may press, and the others with the reason (WF25). */
export function Actions({ orderId }: { orderId: string }) {
  const say = useWords(orderWords)
  const text = useText()
  const found = api.useQuery('get', '/v1/orders/{id}/transitions', { params: { path: { id: orderId } } })
  const [open, setOpen] = useState<Offer | null>(null)
  const offers = found.data?.transitions ?? []
  if (found.data === undefined) return null
  return (
    <div>
      <Group gap="xs">
        {offers.length === 0 && (
          <Text fz="sm" c="dimmed">
            {say('noActions')}
          </Text>
        )}
        {offers
          .filter(({ offered }) => offered)
          .map((offer) => (
            <Button
              key={offer.event}
              data-event={offer.event}
              variant="light" // none is advised: the first may well be the one that cancels
              onClick={() => setOpen(offer)}
            >
              {text(offer.label)}
            </Button>
          ))}
        {offers
          .filter(({ offered }) => !offered)
          .map((offer) => (
            <Tooltip
              key={offer.event}
              multiline
              maw={320}
              withArrow
              label={offer.whyTexts.map(text).join(' · ') || say('notNow')}
            >
              <Button
                data-event={offer.event}
                variant="default"
                c="dimmed"
                leftSection={<IconLock size={14} />}
                aria-disabled
                aria-label={`${text(offer.label)}: ${offer.whyTexts.map(text).join(' · ')}`}
                onClick={(event) => event.preventDefault()}
              >
                {text(offer.label)}
              </Button>
            </Tooltip>
          ))}
      </Group>
      {open !== null && (
        <TransitionForm orderId={orderId} seq={found.data.seq} offer={open} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

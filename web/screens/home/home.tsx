import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useMe } from '../../shell/me.tsx'
import { Empty } from '../../ui/states.tsx'
import { useWords } from '../../words/words.ts'
import { CustomerPage } from '../customers/customer.tsx'

/** A customer's own panel: his services, orders and invoices (OC1, WF17). */
export function Screen() {
  const { customerId } = useMe()
  const say = useWords(words)
  if (customerId !== null) return <CustomerPage id={customerId} />
  return (
    <Empty title={say('none')}>
      <Group mt="sm">
        <Button component={Link} to="/orders/new" leftSection={<IconPlus size={16} />}>
          {say('order')}
        </Button>
      </Group>
    </Empty>
  )
}

const words = {
  none: { fa: 'حساب شما هنوز به مشتری‌ای پیوند ندارد', en: 'Your account belongs to no customer yet' },
  order: { fa: 'سفارش', en: 'Order' },
}

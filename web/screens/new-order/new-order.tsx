import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { api, newKey, problemOf } from '../../client/client.ts'
import { useNames } from '../../client/names.ts'
import { latin } from '../../format/format.ts'
import { useMe } from '../../shell/me.tsx'
import { PageHead, Section } from '../../ui/pieces.tsx'
import { useText, useWords } from '../../words/words.ts'

/** Starts an order of any kind: for whom, what, on which line. */
export function Screen() {
  const say = useWords(words)
  const text = useText()
  const me = useMe()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const { options } = useNames()
  const [key, setKey] = useState(newKey)
  const [customer, setCustomer] = useState<string | null>(params.get('customer') ?? me.customerId)
  const [product, setProduct] = useState<string | null>(null)
  const [centre, setCentre] = useState<string | null>(null)
  const [phone, setPhone] = useState('')
  const [definition, setDefinition] = useState(params.get('definition'))
  const processes = api.useQuery('get', '/v1/map', {}).data?.definitions ?? []
  const products = api.useQuery('get', '/v1/products', {}).data?.products
  const start = api.useMutation('post', '/v1/orders', {
    onSuccess: ({ id }) => navigate(`/orders/${id}`),
    onError: () => setKey(newKey()),
  })
  const choose = (id: string | null) => {
    setProduct(id)
    const own = products?.find((one) => one.id === id)
    if (own !== undefined && 'orderDefinition' in own && typeof own.orderDefinition === 'string')
      setDefinition(own.orderDefinition)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (customer === null || definition === null) return
    start.mutate({
      params: { header: { 'Idempotency-Key': key } },
      body: {
        definition,
        customerId: customer,
        context: {},
        ...(product !== null && { productId: product }),
        ...(phone !== '' && { phone: latin(phone).trim() }),
        ...(centre !== null && { centreId: centre }),
      },
    })
  }
  const problem = start.isError ? problemOf(start.error) : null
  return (
    <>
      <PageHead title={say('title')} />
      <Section>
        <form onSubmit={submit} style={{ maxWidth: 520 }}>
          <Stack>
            {me.customerId === null && <CustomerPicker value={customer} onChange={setCustomer} />}
            <Select
              label={say('product')}
              required
              searchable
              data={options.product}
              value={product}
              onChange={choose}
            />
            <Select
              label={say('process')}
              required
              data={processes.map(({ id, label }) => ({ value: id, label: text(label) }))}
              value={definition}
              onChange={setDefinition}
            />
            <TextInput
              label={say('phone')}
              description={say('phoneHint')}
              inputMode="tel"
              value={phone}
              onChange={({ currentTarget }) => setPhone(currentTarget.value)}
            />
            <Select
              label={say('centre')}
              description={say('centreHint')}
              clearable
              data={options.centre}
              value={centre}
              onChange={setCentre}
            />
            {problem !== null && (
              <Text c="var(--mantine-color-error)" fz="sm" role="alert">
                {[text(problem.detail), ...problem.errors.map(text)].join(' · ')}
              </Text>
            )}
            <Group>
              <Button type="submit" loading={start.isPending} disabled={customer === null || definition === null}>
                {say('start')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
    </>
  )
}

function CustomerPicker({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const say = useWords(words)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const found = api.useQuery('get', '/v1/customers', { params: { query: { limit: 20, ...(q.length >= 2 && { q }) } } })
    .data?.customers
  const chosen = api.useQuery(
    'get',
    '/v1/customers/{id}',
    { params: { path: { id: value ?? '' } } },
    { enabled: value !== null },
  ).data
  const people = new Map(
    [...(chosen === undefined ? [] : [chosen]), ...(found ?? [])].map(({ id, name }) => [id, name]),
  )
  return (
    <Select
      label={say('customer')}
      placeholder={say('customerHint')}
      required
      searchable
      data={[...people].map(([id, label]) => ({ value: id, label }))}
      filter={({ options }) => options}
      value={value}
      onChange={onChange}
      onSearchChange={setTyped}
    />
  )
}

const words = {
  title: { fa: 'سفارش جدید', en: 'New order' },
  customer: { fa: 'مشتری', en: 'Customer' },
  customerHint: { fa: 'نام، کد ملی یا شماره', en: 'Name, national id or number' },
  product: { fa: 'سرویس', en: 'Service' },
  process: { fa: 'گردش کار', en: 'Process' },
  phone: { fa: 'شماره خط', en: 'Telephone line' },
  phoneHint: {
    fa: 'با پیش‌شماره؛ مرکز مخابراتی از روی آن یافته می‌شود',
    en: 'With the area code; the exchange is found by it',
  },
  centre: { fa: 'مرکز', en: 'Exchange' },
  centreHint: { fa: 'تنها اگر از شماره پیدا نشود', en: 'Only when the number does not tell it' },
  start: { fa: 'ثبت سفارش', en: 'Place the order' },
}

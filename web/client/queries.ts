import { QueryCache, QueryClient } from '@tanstack/react-query'
import { api, problemOf } from './client.ts'

/** The one cache of server data. A refusal is not asked again; a lost connection is, twice. A session that ended shows the sign-in. */
export function createQueries(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        if (problemOf(error).status === 401) client.setQueryData(meKey, null)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => [0, 502, 503].includes(problemOf(error).status) && failures < 2,
      },
      mutations: { retry: false },
    },
  })
  return client
}

/** Where the signed-in person is kept. */
export const meKey = api.queryOptions('get', '/v1/me').queryKey

import type { Application } from 'express'
import swaggerUi from 'swagger-ui-express'
import type { Deps } from './deps.ts'
import { openApiOf } from './openapi.ts'
import type { Route } from './route.ts'

/** `/openapi.json`, and `/docs` to try it, from files of our own and without a script in the page. */
export function mountDocs(app: Application, routes: readonly Route[], { config }: Pick<Deps, 'config'>): void {
  const document = JSON.stringify(openApiOf(routes, config.publicUrl))
  app.get('/openapi.json', (_req, res) => {
    res.type('application/json').send(document)
  })
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(undefined, { swaggerUrl: '/openapi.json' }))
}

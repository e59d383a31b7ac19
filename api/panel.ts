import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import express, { type Application, type NextFunction, type Request, type Response } from 'express'

/**
 * Serves the built web application from a folder, in front of the 404 of the API. Files under /assets carry a hash in their
 * names and stay in the browser for a year; the page itself is asked for each time. Any other address that a browser opens
 * is the application's own, and gets the page. `dev/web.ts` puts compressed twins beside the files.
 */
export function mountPanel(app: Application, folder: string): void {
  const assets = express.static(join(folder, 'assets'), {
    index: false,
    immutable: true,
    maxAge: '365d',
    fallthrough: false,
  })
  const rest = express.static(folder, { index: false, cacheControl: false, dotfiles: 'ignore', setHeaders: revalidate })
  app.use('/assets', compressed(join(folder, 'assets')), assets)
  app.use(compressed(folder), rest)
  app.get('/{*path}', (req, res, next) => {
    if (!isPage(req)) {
      next()
      return
    }
    revalidate(res)
    res.sendFile('index.html', { root: folder, cacheControl: false })
  })
}

const revalidate = (res: Response) => res.setHeader('Cache-Control', 'no-cache')

/** Addresses of the API are never a page, and only a browser's navigation asks for HTML first. */
function isPage(req: Request): boolean {
  return (
    !/^\/(v1|docs|metrics|health|ready)(\/|$)/.test(req.path) &&
    extname(req.path) === '' &&
    req.accepts('html', 'json') === 'html'
  )
}

/** Turns a request to the twin that the browser can unpack, if there is one; `express.static` then sends that. */
function compressed(folder: string) {
  const known = new Map<string, boolean>()
  const has = (path: string) => {
    let found = known.get(path)
    if (found === undefined) {
      found = existsSync(join(folder, path))
      if (known.size < 2_000) known.set(path, found)
    }
    return found
  }
  return (req: Request, res: Response, next: NextFunction) => {
    const type = types[extname(req.path)]
    if (type === undefined || !/^\/[\w./-]+$/.test(req.path) || req.path.includes('..')) {
      next()
      return
    }
    const coding = req.acceptsEncodings('br', 'gzip')
    const twin = coding === 'br' ? `${req.path}.br` : coding === 'gzip' ? `${req.path}.gz` : ''
    if (twin !== '' && has(twin)) {
      req.url = twin
      res.setHeader('Content-Encoding', String(coding))
      res.setHeader('Content-Type', type)
    }
    res.setHeader('Vary', 'Accept-Encoding')
    next()
  }
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { precompiledValidator } from '../dev/precompiled-validator.ts'

/** Builds the web application into dist/web, which the API serves. JSX is Vite's own; a plugin is not needed for it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  plugins: [precompiledValidator()],
  worker: { format: 'es', plugins: () => [precompiledValidator()] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // An inlined asset would be a data: address, which the content security policy allows for pictures and fonts only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Directives for another framework stand in the packages; they mean nothing here.
      onLog: (level, log, say) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : say(level, log)),
    },
  },
  server: { host: '127.0.0.1', proxy: { '/v1': process.env['SAMFONY_URL'] ?? 'http://127.0.0.1:8080' } },
})

import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** The build's name is a digest of its sources, so that the same sources always make the same build. */
function buildName(): string {
  const digest = createHash('sha256')
  const files = globSync(['src/**/*', '*.html', 'package-lock.json', 'vite.config.ts'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
  for (const file of files) digest.update(readFileSync(file))
  return digest.digest('hex').slice(0, 12)
}

const build = buildName()

/** The server reads this file to tell a console which build it serves. */
function announceBuild(): Plugin {
  return {
    name: 'announce-build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'build.json', source: JSON.stringify({ build }) + '\n' })
    },
  }
}

export default defineConfig({
  plugins: [
    vue(),
    Components({ dirs: [], resolvers: [ElementPlusResolver()], dts: false }),
    announceBuild(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __BUILD__: JSON.stringify(build),
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'true',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: 'index.html', demo: 'demo.html', wall: 'wall.html', m: 'm.html' },
      checks: { pluginTimings: false },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': 'http://127.0.0.1:8000',
      '/ws': { target: 'ws://127.0.0.1:8000', ws: true },
      '/community': 'http://127.0.0.1:8000',
    },
  },
  test: {
    environment: 'jsdom',
    pool: 'vmThreads', // one jsdom a worker instead of one a file: 3 s instead of 20
    include: ['src/**/*.spec.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})

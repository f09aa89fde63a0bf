import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Names of things, not addresses that a browser would fetch. */
const ALLOWED = /^https?:\/\/(www\.w3\.org\/|127\.0\.0\.1[:/])/

it('names no address outside its own server', () => {
  const files = globSync(['src/**/*.{ts,vue,css}', '*.html']).filter((file) => !file.endsWith('.spec.ts') && !file.endsWith('schema.gen.ts'))
  const foreign = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:https?|wss?):\/\/[^\s'"`<>)]+/g)].map(([url]) => url).filter((url) => !ALLOWED.test(url) && !url.includes('${')).map((url) => `${file}: ${url}`),
  )
  expect(files.length).toBeGreaterThan(50)
  expect(foreign).toEqual([])
})

it('puts no style attribute or inline script into a page', () => {
  for (const page of globSync('*.html')) expect(readFileSync(page, 'utf8')).not.toMatch(/ style=|<style|<script>(?!<)/)
})

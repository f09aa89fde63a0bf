// @vitest-environment node
import { ESLint } from 'eslint'
import { expect, it, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 }) // the first look at a file loads every plugin

/** Which of these imports the rules refuse in a file. */
async function refused(filePath: string, ...imports: string[]): Promise<string[]> {
  const eslint = new ESLint({ ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports' })
  const text = imports.map((each, index) => `import a${index} from '${each}'\n`).join('')
  const [result] = await eslint.lintText(text, { filePath })
  return result!.messages.map(({ line }) => imports[line - 1]!)
}

it.each(['shell', 'ui', 'words', 'domain', 'live', 'map', 'storms', 'stores', 'api'])('lets nothing of %s/ know a page', async (folder) => {
  const pages = ['@/pages/seat/desk', '../pages/login/refusal']
  expect(await refused(`src/${folder}/new.ts`, ...pages)).toEqual(pages)
})

it('keeps the domain free of Vue and of everything above it', async () => {
  expect(await refused('src/domain/new.ts', '@/api/wire', '@/stores/session', 'vue')).toEqual(['@/stores/session', 'vue'])
})

it('lets no page know another', async () => {
  expect(await refused('src/pages/imports/new.ts', '@/pages/residents/fields', '../residents/fields', './report', '@/ui/Modal.vue')).toEqual([
    '@/pages/residents/fields', '../residents/fields',
  ])
})

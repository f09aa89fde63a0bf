import { readdirSync } from 'node:fs'

import pluginVue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import tseslint from 'typescript-eslint'

/** What each folder of `src/` may use, from the bottom up; nothing but the router knows the pages, and no page another. */
const MAY_USE = {
  api: [],
  domain: ['api'],
  audio: ['domain'],
  stores: ['api', 'domain', 'audio'],
  words: ['api', 'domain', 'stores'],
  ui: ['api', 'domain', 'stores', 'words'],
  live: ['api', 'domain', 'stores'],
  map: ['api', 'domain', 'stores', 'words', 'ui'],
  storms: ['api', 'domain', 'stores', 'words', 'ui'],
  photographs: ['api', 'domain', 'stores', 'words', 'ui'],
  telephone: ['api', 'domain', 'audio', 'stores', 'words', 'ui'],
  shell: ['api', 'domain', 'stores', 'words', 'ui', 'live', 'telephone', 'hotline'],
  hotline: ['api', 'domain', 'stores', 'words', 'ui', 'shell'],
  pages: ['api', 'domain', 'stores', 'words', 'ui', 'live', 'map', 'storms', 'photographs', 'telephone', 'shell', 'hotline'],
  demo: ['api', 'audio', 'words', 'ui'],
  mobile: ['api', 'ui'], // plain: of ui/ nothing but its colours
}
const pages = readdirSync(new URL('src/pages', import.meta.url))
const UPWARDS = '^(@|(\\.\\./)*\\.\\.)/'

function layer(folder) {
  const others = Object.keys(MAY_USE).filter((other) => other !== folder && !MAY_USE[folder].includes(other))
  const free = folder === 'domain' || folder === 'api' ? '|^(vue|pinia|vue-)' : ''
  return restricted(`src/${folder}/**`, `${UPWARDS}(${others.join('|')})(/|$)${free}`, `${folder}/ may use ${MAY_USE[folder].join(', ') || 'nothing'}`)
}

/** What lies in the folder of a page may be called as another page is: there `..` is the page itself. */
function page(name) {
  const others = `(?!${name}(/|$))(${pages.join('|')})(/|$)`
  const message = 'a page knows no other page: what two need belongs below'
  const outside = `${UPWARDS}(demo(/|$)|pages/${others})`
  return [
    restricted(`src/pages/${name}/*`, `${outside}|^\\.\\./${others}`, message),
    restricted(`src/pages/${name}/*/**`, `${outside}|^\\.\\./\\.\\./${others}`, message),
  ]
}

function restricted(files, regex, message) {
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] } }
}

export default tseslint.config(
  { ignores: ['node_modules/', 'src/api/schema.gen.ts'] },
  ...tseslint.configs.recommended,
  ...pluginVue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      'no-undef': 'off', // the type checker knows better
      'vue/multi-word-component-names': 'off',
      // Layout of templates is left to the writer; what counts here are mistakes.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/no-v-html': 'error',
      'vue/no-static-inline-styles': 'error', // the content security policy refuses style attributes
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vuejs-accessibility/no-static-element-interactions': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...Object.keys(MAY_USE).map(layer),
  ...pages.flatMap(page),
)

/** Every text a person sees, in both languages. `en/area.ts` holds an area, `en/area.part.ts` a part of a large one. */
import { createI18n } from 'vue-i18n'

export type Language = 'zh-CN' | 'en'
type Area = Record<string, unknown>

const files = import.meta.glob<Area>(['./zh-CN/*.ts', './en/*.ts'], { eager: true, import: 'default' })

export function collect(language: Language): Record<string, Area> {
  const areas: Record<string, Area> = {}
  for (const [path, texts] of Object.entries(files)) {
    const match = /^\.\/([^/]+)\/([^/.]+)(\.[^/]+)?\.ts$/.exec(path)
    if (match?.[1] === language && match[2]) areas[match[2]] = { ...areas[match[2]], ...texts }
  }
  return areas
}

const STORED = 'callcenter.language'

export function initialLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED) ?? navigator.language
  return asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export const i18n = createI18n({
  legacy: false,
  locale: initialLanguage(),
  fallbackLocale: 'en',
  messages: { 'zh-CN': collect('zh-CN'), en: collect('en') } as unknown as Record<string, Record<string, never>>,
})

export function setLanguage(language: Language): void {
  ;(i18n.global.locale as unknown as { value: string }).value = language
  localStorage.setItem(STORED, language)
  document.documentElement.lang = language
}

export function currentLanguage(): Language {
  return (i18n.global.locale as unknown as { value: Language }).value
}

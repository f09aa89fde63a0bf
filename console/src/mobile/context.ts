/** What every part of the page is given. */
import { computed, inject, ref, type InjectionKey } from 'vue'

import type { Field } from './field'
import { wordsOf, type Language } from './words'

const LANGUAGE = 'phone.language'

function chosen(): Language {
  const kept = new URLSearchParams(location.search).get('lang') ?? read()
  return kept === 'en' || kept === 'zh-CN' ? kept : navigator.language.startsWith('en') ? 'en' : 'zh-CN'
}

function read(): string | null {
  try {
    return localStorage.getItem(LANGUAGE)
  } catch {
    return null // an in-app browser may refuse
  }
}

export function createContext(field: Field) {
  const language = ref<Language>(chosen())
  const words = computed(() => wordsOf(language.value))

  function choose(next: Language) {
    language.value = next
    document.documentElement.lang = next
    document.title = words.value.say('title')
    try {
      localStorage.setItem(LANGUAGE, next)
    } catch {
      // for this page only, then
    }
  }

  function time(at: string | number): string {
    const zone = field.state.kept?.jobs.who.timezone
    const when = new Date(at)
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
    const sameDay = day.format(when) === day.format(Date.now())
    return new Intl.DateTimeFormat(language.value, {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(sameDay ? {} : { month: 'numeric', day: 'numeric' }),
    }).format(when)
  }

  choose(language.value)
  return { field, language, words, choose, time }
}

export type Context = ReturnType<typeof createContext>
export const CONTEXT: InjectionKey<Context> = Symbol('phone')

export function useContext(): Context {
  const context = inject(CONTEXT)
  if (!context) throw new Error('outside of the page of phones')
  return context
}

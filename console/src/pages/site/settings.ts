/** Settings of the site as words and as what is typed. */
import { ApiError } from '@/api/http'
import type { Setting, Value } from '@/api/site'
import { useWords } from '@/words/records'

/** The key of its words: the names of the file have dots. */
const keyOf = (name: string) => name.replace('.', '_')

export function useSettingWords() {
  const { t, te, refusal } = useWords()
  const nameOf = (setting: Setting) => t(`site.setting.${keyOf(setting.name)}.name`)
  const effectOf = (setting: Setting) => t(`site.setting.${keyOf(setting.name)}.effect`)
  const withUnit = (value: Value, setting: Setting) => (setting.unit ? t(`site.unit.${setting.unit}`, { n: value }) : String(value))

  function inWords(value: Value | null, setting: Setting): string {
    if (value === null || value === '') return t('site.nothing')
    return setting.kind === 'choice' ? t(`site.choice.${value}`) : withUnit(value, setting)
  }

  function boundsOf(setting: Setting): string {
    if (setting.kind === 'choice') return ''
    return setting.kind === 'text' ? t('site.at_most', { n: setting.most }) : t('site.between', { least: setting.least, most: withUnit(setting.most, setting) })
  }

  function refused(error: unknown, setting: Setting): string {
    if (!(error instanceof ApiError)) return refusal(error)
    if (error.code === 'setting_bounds') return t('site.error.setting_bounds', { bounds: boundsOf(setting) })
    return te(`site.error.${error.code}`) ? t(`site.error.${error.code}`) : refusal(error)
  }

  return { nameOf, effectOf, inWords, boundsOf, refused }
}

/** What is sent for what was typed: a number only where it is one, so that nothing half typed becomes another value. */
export function valueOf(typed: string, setting: Setting): Value {
  const text = typed.trim()
  return setting.kind === 'number' && /^\d+$/.test(text) ? Number(text) : text
}

/** Whether it may be sent: the server says the same. */
export function isWithin(typed: string, setting: Setting): boolean {
  const value = valueOf(typed, setting)
  if (setting.kind === 'choice') return true
  const size = typeof value === 'number' ? value : setting.kind === 'text' ? value.length : NaN
  return size >= setting.least && size <= setting.most
}

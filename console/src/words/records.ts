/** Names as the operator's language has them, and refusals in words. */
import { useI18n } from 'vue-i18n'

import { ApiError, isAway } from '@/api/http'
import type { Problem } from '@/api/records'

export function useWords() {
  const { t, te, locale } = useI18n()

  /** The English name where the screen is English and there is one. */
  function either(chinese: string | null | undefined, english: string | null | undefined): string {
    return (locale.value === 'en' ? english || chinese : chinese || english) ?? ''
  }

  function option(field: string, value: string | null): string {
    if (!value) return ''
    const key = `residents.option.${field}.${value}`
    return te(key) ? t(key) : value
  }

  function refusal(error: unknown): string {
    if (!(error instanceof ApiError)) return t('residents.error.other')
    if (problemsOf(error).length) return t('residents.error.fields', { count: problemsOf(error).length })
    if (isAway(error)) return t('ui.away_unsaved')
    const key = `residents.error.${error.code}`
    if (te(key)) return t(key, { fields: fieldsOf(error).join(', ') })
    return error.status === 409 ? t('residents.error.conflict') : `${t('residents.error.other')} (${error.code})`
  }

  return { t, te, locale, either, option, refusal }
}

/** Fields that the server has not accepted, by the names of its interface: its own words are English, whoever reads them. */
function fieldsOf({ params }: ApiError): string[] {
  const listed = Array.isArray(params.fields) ? (params.fields as { field: string }[]) : []
  return [...new Set(listed.map(({ field }) => field.split('.').at(-1) ?? field))]
}

/** What the server found wrong, field by field. */
export function problemsOf(error: unknown): Problem[] {
  const listed = error instanceof ApiError ? error.params.problems : undefined
  return Array.isArray(listed) ? (listed as Problem[]) : []
}

/** Refusals of lines, rules and prompts in the console's language. */
import { ApiError } from '@/api/http'

import { useWords } from './records'

export function useLineWords() {
  const { t, te, locale, either, refusal: usual } = useWords()

  function refusal(error: unknown): string {
    if (!(error instanceof ApiError)) return usual(error)
    const key = error.code === 'sound_refused' ? `lines.error.sound_refused.${String(error.params.reason)}` : `lines.error.${error.code}`
    return te(key) ? t(key) : usual(error)
  }

  return { t, te, locale, either, refusal }
}

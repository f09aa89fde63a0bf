/** What the server refuses of a drawing, in words; of a file, feature by feature. */
import { ApiError } from '@/api/http'
import { useWords } from '@/words/records'

interface Told {
  feature: number
  id: string | null
  code: string
  value?: string
}

export function useRefusals() {
  const { t, te, refusal } = useWords()

  function said(error: unknown): string {
    if (!(error instanceof ApiError)) return error ? refusal(error) : ''
    const key = `drawing.error.${error.code}`
    return te(key) ? t(key, error.params) : refusal(error)
  }

  function features(error: unknown): string[] {
    const told = error instanceof ApiError && Array.isArray(error.params.problems) ? (error.params.problems as Told[]) : []
    return told.map(({ feature, id, code, value }) => {
      const which = t('drawing.file.feature', { n: feature, id: id ? `(${id})` : '' })
      return `${which}: ${t(`drawing.error.${code}`)}${value ? ` – ${value}` : ''}`
    })
  }

  return { said, features }
}

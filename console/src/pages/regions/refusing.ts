/** What the server refuses of a change of the tree, in words. */
import { ApiError } from '@/api/http'
import { useWords } from '@/words/records'

export function useRegionRefusal(): (error: unknown) => string {
  const { t, te, refusal } = useWords()
  return (error) => {
    if (!(error instanceof ApiError)) return refusal(error)
    if (error.code === 'region_code') return t(`regions.error.region_code.${String(error.params.reason)}`, error.params)
    return te(`regions.error.${error.code}`) ? t(`regions.error.${error.code}`, error.params) : refusal(error)
  }
}

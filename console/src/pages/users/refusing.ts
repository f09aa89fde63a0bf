/** What the server refuses of a change of an account, in words. */
import { ApiError } from '@/api/http'
import { useWords } from '@/words/records'

export function useRefusing(): (error: unknown) => string {
  const { t, te, refusal } = useWords()
  return (error) => {
    if (error instanceof ApiError && te(`users.error.${error.code}`)) return t(`users.error.${error.code}`, error.params)
    return refusal(error)
  }
}

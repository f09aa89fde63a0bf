/** States of recordings and refusals in the words of the screen. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import type { Recording } from '@/api/recordings'
import { useWording } from '@/words/wording'

export function useRecordingWords() {
  const { t, te } = useI18n()
  const { refusal } = useWording()
  /** Of one that is missing: why. */
  function stateOf(recording: Pick<Recording, 'state' | 'reason'>): string {
    const why = `recordings.missing.${recording.reason}`
    return recording.state === 'missing' && te(why) ? t(why) : t(`recordings.state.${recording.state}`)
  }
  function refused(error: unknown): string {
    const code = error instanceof ApiError ? `recordings.refused.${error.code}` : ''
    return code && te(code) ? t(code) : refusal(error)
  }
  return { stateOf, refused }
}

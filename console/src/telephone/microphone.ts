/** What this seat speaks with. */
import type { Preferences } from '@/stores/soundDevices'

/** Raises what the browser says when there is none, or it may not be used. */
export async function openMicrophone({ microphone, cleaned }: Pick<Preferences, 'microphone' | 'cleaned'>): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new DOMException('microphones need https', 'SecurityError')
  const audio = { echoCancellation: cleaned, noiseSuppression: cleaned, autoGainControl: cleaned }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: microphone ? { ...audio, deviceId: { exact: microphone } } : audio })
  } catch (reason) {
    // The one that was chosen is not plugged in today: any other is better than none.
    if (!microphone || !(reason instanceof DOMException) || !['OverconstrainedError', 'NotFoundError'].includes(reason.name)) throw reason
    return navigator.mediaDevices.getUserMedia({ audio })
  }
}

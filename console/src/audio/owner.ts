/** Of several tabs of one browser only one sounds: the one that holds the lock. Without locks (plain http) every tab does. */
const LOCK = 'callcenter.sound'

export function claimSound(onOwner: () => void): () => void {
  if (!('locks' in navigator)) {
    onOwner()
    return () => undefined
  }
  const waiting = new AbortController()
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  navigator.locks
    .request(LOCK, { signal: waiting.signal }, () => {
      onOwner()
      return held
    })
    .catch(() => undefined) // given up before it was our turn
  return () => {
    waiting.abort()
    release()
  }
}

/** Of several tabs of one browser only one sounds, and one is the telephone: the one that holds the lock. Without locks (plain http) every tab does. */
type Claimed = 'callcenter.sound' | 'callcenter.telephone'

export const claimSound = (onOwner: () => void) => claim('callcenter.sound', onOwner)

export function claim(what: Claimed, onOwner: () => void): () => void {
  if (!('locks' in navigator)) {
    onOwner()
    return () => undefined
  }
  const waiting = new AbortController()
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  navigator.locks
    .request(what, { signal: waiting.signal }, () => {
      onOwner()
      return held
    })
    .catch(() => undefined) // given up before it was our turn
  return () => {
    waiting.abort()
    release()
  }
}

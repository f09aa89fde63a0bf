/** The sound of one call between this page and the exchange: which ways it may take, and what is heard on it. */
import type { RTCSession } from 'jssip/lib/RTCSession'

/** No server is asked where this page is reached: the exchange is. */
export const WAYS: RTCConfiguration = { iceServers: [] }

/** Addresses of this machine are found at once; what is still looked for then (another network card, a tunnel) is not waited for. */
const GATHER_MS = 400

/** What the other side says, as soon as it says something. */
export function heardOn(session: RTCSession): MediaStream {
  const heard = new MediaStream()
  const listen = (connection: RTCPeerConnection) => connection.addEventListener('track', ({ track }) => heard.addTrack(track))
  session.on('peerconnection', ({ peerconnection }) => listen(peerconnection))
  if (session.connection) listen(session.connection)
  let gathering: ReturnType<typeof setTimeout> | undefined
  session.on('icecandidate', ({ ready }) => void (gathering ??= setTimeout(ready, GATHER_MS)))
  return heard
}

/** Ties the live connection to duty, sound, proofs and notices. Started once after log-in. */
import { computed, ref, watch } from 'vue'

import type { IncidentView, Rung } from '@/api/wire'
import { goOnAt } from '@/api/http'
import { ringsForAll } from '@/domain/incident'
import { useConnection } from '@/stores/connection'
import { useDuty } from '@/stores/duty'
import { whenDropped } from '@/stores/holding'
import { useIncidents } from '@/stores/incidents'
import { setOffset } from '@/stores/now'
import { useSession } from '@/stores/session'

import { apply } from './apply'
import { Gatherer } from './gather'
import { startLive, type Live } from './live'

/** Within which the seats read anew what they learned from the server's memory. */
const SPREAD_MS = 3_000

let live: Live | null = null
const seen = new Gatherer((incidents) => live?.send({ type: 'seen', incidents }))
const sounding = new Gatherer((incidents) => live?.send({ type: 'sounding', incidents }))
/** Grows with each snapshot: what was reported over the old line is reported again. */
const lines = ref(0)

whenDropped(() => {
  seen.forget()
  sounding.forget()
})

/** Rows that are on the screen, painted. */
export function reportSeen(rungs: readonly Rung[]): void {
  seen.add(rungs)
}

export function useLines() {
  return computed(() => lines.value)
}

export function startConsole(onNew: (incidents: IncidentView[]) => void): () => void {
  const connection = useConnection()
  const duty = useDuty()
  const incidents = useIncidents()
  live = startLive({
    message(message, more) {
      apply(message, more)
      if (message.type !== 'snapshot' || more) return
      seen.forget()
      sounding.forget()
      lines.value += 1
    },
    state(state, server) {
      if (state === 'live') {
        goOnAt(server)
        connection.server = server
      }
      connection.state = state
      if (state === 'down') void useSession().check()
    },
    silence: (ms) => (connection.silentMs = ms),
    sounds: () => !duty.soundOff,
  })
  const stops = [
    watch(() => connection.clockOffset, setOffset),
    watch([() => duty.armed, () => duty.pause, () => duty.wishes], ([armed, pause]) => live?.duty(armed, pause), { immediate: true }),
    watch([() => duty.sounding, lines], () => duty.sounding && sounding.add(duty.sounding.rung), { flush: 'sync' }),
    watchNew(onNew),
    // Not all seats at once: the database has just come back.
    watch(() => connection.database, (answers) => answers && setTimeout(() => incidents.refetchWatched(), Math.random() * SPREAD_MS)),
  ]
  return () => {
    for (const stop of stops) stop()
    live?.stop()
    live = null
  }
}

/** Calls back with incidents that ring and did not before; quiet ones only chime. */
function watchNew(onNew: (incidents: IncidentView[]) => void): () => void {
  const incidents = useIncidents()
  const duty = useDuty()
  const session = useSession()
  const isQuietNews = (incident: IncidentView) => incident.signal_class !== 'alarm' && (incident.state === 'waiting' || (incident.taken_by === session.userId && incident.ring > 1))
  return watch(
    () => incidents.arrived,
    (fresh) => {
      const ringing = fresh.filter(ringsForAll)
      if (ringing.length) onNew(ringing)
      else if (fresh.some(isQuietNews)) duty.chime()
    },
    { flush: 'sync' },
  )
}

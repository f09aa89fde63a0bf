/** The only place where the wire meets the stores: a table from message type to store call. */
import { PROTOCOL, type ServerMessage } from '@/api/wire'
import { useAges } from '@/stores/ages'
import { useAnnouncements } from '@/stores/announcements'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { useEnded } from '@/stores/ended'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useSms } from '@/stores/sms'
import { useStorms } from '@/stores/storms'

type Table = { [Type in ServerMessage['type']]: (message: Extract<ServerMessage, { type: Type }>, more: boolean) => void }

export const table: Table = {
  hello: (message) => useConnection().greet(message, PROTOCOL),
  going: () => undefined, // the line goes on by itself
  snapshot(message, more) {
    useStorms().replace(message.storms)
    useIncidents().applySnapshot(message.incidents, !more)
    if (more) return
    useIncidents().refetchWatched()
    useSeats().seats = message.seats
    useSeats().silentHomes = message.silent_homes
    useAges().put(message.ages)
    useAnnouncements().apply(message.announcements, true)
    useAnnouncements().applyAccesses(message.accesses, true)
    useEnded().apply(message.tests_over)
  },
  incidents: (message) => useIncidents().applyUpserts(message.incidents, message.entries),
  sms: (message) => useSms().apply(message.messages),
  proofs: (message) => useIncidents().applyProofs(message.proofs),
  tests_over: (message) => useEnded().apply(message.tests_over),
  seats(message) {
    useSeats().seats = message.seats
  },
  silent_homes(message) {
    useSeats().silentHomes = message.home_ids
  },
  ages(message) {
    useAges().put(message.ages)
  },
  announcements: (message) => useAnnouncements().apply(message.announcements),
  emergency_access: (message) => useAnnouncements().applyAccesses(message.accesses),
  storms: (message) => useStorms().apply(message.storms),
  beat: (message) => useConnection().hear(message),
  calls: (message) => useCalls().apply(message),
}

/** `more`: the slice of a snapshot, and not its last. Unknown types are ignored: a newer server may say more than this console knows. */
export function apply(message: ServerMessage, more = false): void {
  const handle = table[message.type] as ((message: ServerMessage, more: boolean) => void) | undefined
  handle?.(message, more)
}

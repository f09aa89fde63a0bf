/** The only place where the wire meets the stores: a table from message type to store call. */
import { PROTOCOL, type ServerMessage } from '@/api/wire'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useSms } from '@/stores/sms'
import { useStorms } from '@/stores/storms'

type Table = { [Type in ServerMessage['type']]: (message: Extract<ServerMessage, { type: Type }>, more: boolean) => void }

export const table: Table = {
  hello: (message) => useConnection().greet(message, PROTOCOL),
  snapshot(message, more) {
    useStorms().replace(message.storms)
    useIncidents().applySnapshot(message.incidents, !more)
    if (more) return
    useIncidents().refetchWatched()
    useSeats().seats = message.seats
    useSeats().silentHomes = message.silent_homes
  },
  incidents: (message) => useIncidents().applyUpserts(message.incidents, message.entries),
  sms: (message) => useSms().apply(message.messages),
  proofs: (message) => useIncidents().applyProofs(message.proofs),
  seats(message) {
    useSeats().seats = message.seats
  },
  silent_homes(message) {
    useSeats().silentHomes = message.home_ids
  },
  storms: (message) => useStorms().apply(message.storms),
  beat(message) {
    useConnection().database = message.database
    useConnection().setTime(message.now)
  },
}

/** `more`: the slice of a snapshot, and not its last. Unknown types are ignored: a newer server may say more than this console knows. */
export function apply(message: ServerMessage, more = false): void {
  const handle = table[message.type] as ((message: ServerMessage, more: boolean) => void) | undefined
  handle?.(message, more)
}

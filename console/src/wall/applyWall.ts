/** From the wire to what the wall shows. Timelines, texts and proofs are not kept: a screen that runs for weeks must not grow. */
import { PROTOCOL, type ServerMessage } from '@/api/wire'
import { useAges } from '@/stores/ages'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useStorms } from '@/stores/storms'

/** `more`: the slice of a snapshot, and not its last. */
export function applyWall(message: ServerMessage, more = false): void {
  switch (message.type) {
    case 'hello':
      return useConnection().greet(message, PROTOCOL)
    case 'snapshot':
      useStorms().replace(message.storms)
      useIncidents().applySnapshot(message.incidents, !more)
      if (more) return
      useSeats().seats = message.seats
      useSeats().silentHomes = message.silent_homes
      useAges().put(message.ages)
      return
    case 'incidents':
      return useIncidents().applyUpserts(message.incidents, [])
    case 'storms':
      return useStorms().apply(message.storms)
    case 'seats':
      useSeats().seats = message.seats
      return
    case 'silent_homes':
      useSeats().silentHomes = message.home_ids
      return
    case 'ages':
      useAges().put(message.ages)
      return
    case 'beat':
      return useConnection().hear(message)
  }
}

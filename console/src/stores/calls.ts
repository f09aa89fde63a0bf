/** Calls that stand, as the exchange side of the server tells them, and those that have ended and are not done with at this seat. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import type { CallsMessage, CallShown } from '@/api/telephone'
import { barOf, isMissed, ownIsUp } from '@/domain/calls'

import { whenDropped } from './holding'
import { useSession } from './session'

/** Of those that nobody answered; all of them stand in the list of the hotline. */
const MOST_MISSED = 50

export const useCalls = defineStore('calls', () => {
  const session = useSession()
  const byId = shallowRef<ReadonlyMap<string, CallShown>>(new Map())
  /** What has ended and is not put away, the latest first. */
  const over = shallowRef<readonly CallShown[]>([])
  /** Whether the exchange takes orders; null until the server has said so. */
  const exchange = ref<boolean | null>(null)

  /** Calls out in which whoever was wanted was rung. */
  const rang = new Set<string>()
  /** Put away: what has ended is told twice. */
  const done = new Set<string>()

  const bar = computed(() => barOf(byId.value.values(), session.userId))
  /** Mine, and to be filed. */
  const toFile = computed(() => over.value.filter(({ taken_by }) => taken_by === session.userId))
  const missed = computed(() => over.value.filter(isMissed))

  function apply({ calls, exchange: there, whole }: CallsMessage): void {
    exchange.value = there
    const now = new Map(whole ? [] : byId.value)
    for (const call of calls) {
      if (call.direction === 'out' && ownIsUp(call)) rang.add(call.id)
      const known = byId.value.get(call.id)
      const latest = known && known.version > call.version ? known : call
      if (latest.state === 'ended') {
        now.delete(latest.id)
        end(latest)
      } else if (!over.value.some(({ id }) => id === call.id) && !done.has(call.id)) now.set(latest.id, latest)
    }
    byId.value = now
  }

  function end(call: CallShown): void {
    const concerns = call.taken_by === session.userId || isMissed(call)
    if (call.direction === 'automatic' || !concerns || done.has(call.id)) return
    if (over.value.some(({ id }) => id === call.id)) return void (over.value = over.value.map((each) => (each.id === call.id ? call : each)))
    const all = [call, ...over.value]
    const tooMany = all.filter(isMissed).slice(MOST_MISSED)
    over.value = all.filter((each) => !tooMany.includes(each))
  }

  /** Filed, or read. */
  function putAway(id: string): void {
    done.add(id)
    rang.delete(id)
    over.value = over.value.filter((call) => call.id !== id)
  }

  const of = (id: string) => byId.value.get(id) ?? over.value.find((call) => call.id === id) ?? null

  whenDropped(() => {
    byId.value = new Map()
    over.value = []
    exchange.value = null
    rang.clear()
    done.clear()
  })

  return { hasRung: (id: string) => rang.has(id), byId, over, exchange, bar, toFile, missed, apply, putAway, of }
})

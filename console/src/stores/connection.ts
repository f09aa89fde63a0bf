/** What is known about the line to the server and about its database, and what time it is there. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import type { ServerMessage } from '@/api/wire'
import { LOST_AFTER_MS, type LineState } from '@/domain/line'
import { heard, type Outage, type Written } from '@/domain/outage'

const WRITTEN_SHOWN_MS = 60_000

export const useConnection = defineStore('connection', () => {
  const state = ref<LineState>('connecting')
  /** The address of the server that is spoken with. */
  const server = ref(location.origin)
  const silentMs = ref(0)
  const database = ref(true)
  /** From when the database does not answer until all that was kept meanwhile is written. */
  const outage = shallowRef<Outage | null>(null)
  /** The last outage, once all of it is written; until somebody has read it, or for a minute. */
  const written = shallowRef<Written | null>(null)
  const serverBuild = ref<string | null>(null)
  const mustReload = ref(false)
  /** Server clock minus this PC's clock, in milliseconds. */
  const clockOffset = ref(0)
  const everLive = ref(false)

  /** The page came from another server. */
  const elsewhere = computed(() => server.value !== location.origin)
  const lost = computed(() => silentMs.value > LOST_AFTER_MS)

  function greet(hello: { protocol: number; build: string; now: string }, protocol: number): void {
    if (hello.protocol !== protocol) mustReload.value = true
    if (serverBuild.value !== null && serverBuild.value !== hello.build) mustReload.value = true
    serverBuild.value ??= hello.build
    everLive.value = true
    setTime(hello.now)
  }

  function hear(beat: Extract<ServerMessage, { type: 'beat' }>): void {
    database.value = beat.database
    const next = heard(outage.value, beat)
    outage.value = next.outage
    if (next.outage) written.value = null
    else if (next.written) show(next.written)
    setTime(beat.now)
  }

  function show(last: Written): void {
    written.value = last
    setTimeout(() => written.value === last && (written.value = null), WRITTEN_SHOWN_MS)
  }

  function setTime(now: string): void {
    const offset = Date.parse(now) - Date.now()
    if (Number.isFinite(offset)) clockOffset.value = offset
  }

  return { state, server, elsewhere, silentMs, database, outage, written, serverBuild, mustReload, clockOffset, everLive, lost, greet, hear, setTime }
})

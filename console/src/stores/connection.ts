/** What is known about the line to the server, and what time it is there. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import type { LinkState } from '@/live/link'

/** Longer than this without a word from the server is an alarm of its own at this seat; the server calls it unmanned. */
export const LOST_AFTER_MS = 6_000

export const useConnection = defineStore('connection', () => {
  const state = ref<LinkState>('connecting')
  const silentMs = ref(0)
  const database = ref(true)
  const serverBuild = ref<string | null>(null)
  const mustReload = ref(false)
  /** Server clock minus this PC's clock, in milliseconds. */
  const clockOffset = ref(0)
  const everLive = ref(false)

  const lost = computed(() => silentMs.value > LOST_AFTER_MS)

  function greet(hello: { protocol: number; build: string; now: string }, protocol: number): void {
    if (hello.protocol !== protocol) mustReload.value = true
    if (serverBuild.value !== null && serverBuild.value !== hello.build) mustReload.value = true
    serverBuild.value ??= hello.build
    everLive.value = true
    setTime(hello.now)
  }

  function setTime(now: string): void {
    const offset = Date.parse(now) - Date.now()
    if (Number.isFinite(offset)) clockOffset.value = offset
  }

  return { state, silentMs, database, serverBuild, mustReload, clockOffset, everLive, lost, greet, setTime }
})

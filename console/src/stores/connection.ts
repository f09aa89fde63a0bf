/** What is known about the line to the server, and what time it is there. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { LOST_AFTER_MS, type LineState } from '@/domain/line'

export const useConnection = defineStore('connection', () => {
  const state = ref<LineState>('connecting')
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

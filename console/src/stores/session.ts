/** Who is logged in, with which rights. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { ApiError, get, post, setCsrfToken, whenSignedOut } from '@/api/http'

export interface Me {
  user: { id: number; login: string; name: string; name_en: string; language: string }
  grants: { role: string; region_id: number }[]
  /** Names of everything that is granted anywhere. */
  actions?: string[]
  csrf_token: string
  build: string
  demo: boolean
  /** The site's, in which everybody there speaks of time, whatever this PC is set to. */
  timezone?: string
}

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  /** `asking` until the server has answered once; `unreachable` when it did not. */
  const state = ref<'asking' | 'out' | 'in' | 'unreachable'>('asking')

  const timeZone = computed(() => me.value?.timezone)
  const userId = computed(() => me.value?.user.id ?? null)

  function enter(answer: Me): void {
    me.value = answer
    setCsrfToken(answer.csrf_token)
    state.value = 'in'
  }

  function leave(): void {
    me.value = null
    state.value = 'out'
  }

  async function check(): Promise<void> {
    try {
      enter(await get<Me>('/me'))
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) leave()
      else if (state.value !== 'in') state.value = 'unreachable'
    }
  }

  async function login(name: string, password: string): Promise<void> {
    await post('/login', { login: name, password })
    await check()
  }

  async function logout(): Promise<void> {
    await post('/logout').catch(() => undefined)
    leave()
  }

  /** Without a list of actions the server alone decides; it does so in any case. */
  function may(action: string): boolean {
    return me.value !== null && (me.value.actions === undefined || me.value.actions.includes(action))
  }

  whenSignedOut(leave)
  return { me, state, userId, timeZone, check, login, logout, leave, may }
})

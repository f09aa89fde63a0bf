/** Who is logged in, with which rights. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { ApiError, get, post, setCsrfToken, whenSignedOut } from '@/api/http'
import type { components } from '@/api/schema.gen'

export type Me = components['schemas']['MeView']
export type Action = components['schemas']['Action']

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

  /** What the screen offers; the server decides in any case. */
  function may(action: Action): boolean {
    return me.value?.actions.includes(action) ?? false
  }

  whenSignedOut(leave)
  return { me, state, userId, timeZone, check, login, logout, leave, may }
})

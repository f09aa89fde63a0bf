/** Who is logged in, with which rights. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { ApiError, dropRequests, get, post, setCsrfToken, whenSignedOut } from '@/api/http'
import type { components } from '@/api/schema.gen'

import { dropEverything } from './holding'

export type Me = components['schemas']['MeView']
export type Action = components['schemas']['Action']

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  /** `asking` until the server has answered once; `unreachable` when it did not. */
  const state = ref<'asking' | 'out' | 'in' | 'unreachable'>('asking')
  /** The server answers, and cannot tell now who this is. */
  const unchecked = ref(false)

  /** Another number is another holder of this page: nothing of the one before may stay on it. */
  const holder = ref(0)
  let before: string | null = null

  /** Of the site, where nobody is logged in: a screen across the room. */
  const siteZone = ref<string>()
  const timeZone = computed(() => me.value?.timezone ?? siteZone.value)
  const userId = computed(() => me.value?.user.id ?? null)

  function enter(answer: Me): void {
    const now = rightsOf(answer)
    if (before !== null && before !== now) changeHands()
    before = now
    me.value = answer
    setCsrfToken(answer.csrf_token)
    state.value = 'in'
  }

  function leave(): void {
    me.value = null
    state.value = 'out'
  }

  function changeHands(): void {
    dropRequests()
    dropEverything()
    holder.value += 1
  }

  async function check(): Promise<void> {
    try {
      enter(await get<Me>('/me'))
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) leave()
      else if (state.value !== 'in') {
        unchecked.value = error instanceof ApiError && error.status === 503
        state.value = 'unreachable'
      }
    }
  }

  async function login(name: string, password: string): Promise<void> {
    await post('/login', { login: name, password })
    await check()
  }

  async function loginBySlip(name: string, code: string, password: string): Promise<void> {
    await post('/login/slip', { login: name, code, password })
    await check()
  }

  async function logout(): Promise<void> {
    await post('/logout').catch(() => undefined)
    leave()
    before = null
    changeHands()
  }

  /** What the screen offers; the server decides in any case. */
  function may(action: Action): boolean {
    return me.value?.actions.includes(action) ?? false
  }

  /** Of the regions above this place, or of it. */
  function supervises(regionPath: readonly number[]): boolean {
    return me.value?.grants.some(({ role, region_id }) => role === 'supervisor' && regionPath.includes(region_id)) ?? false
  }

  whenSignedOut(leave)
  return { me, state, unchecked, holder, userId, timeZone, siteZone, check, login, loginBySlip, logout, leave, may, supervises }
})

/** Who it is, and what they may see and do. */
function rightsOf({ user, grants, actions }: Me): string {
  return JSON.stringify([user.id, grants.map(({ role, region_id }) => `${role} ${region_id}`).sort(), [...actions].sort()])
}

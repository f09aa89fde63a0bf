/**
 * Names of the staff in Latin letters, for a console in English. A step, a list, a text carry the name as it is registered; how it is read is
 * asked once for all names that came up together. Until the answer is there, while the office is away, and on a screen on which nobody has
 * logged in, the registered name shows.
 */
import { defineStore } from 'pinia'
import { reactive } from 'vue'

import { readNames } from '@/api/names'

import { whenDropped } from './holding'
import { useSession } from './session'

const TOGETHER_MS = 50
const AGAIN_MS = 30_000
/** The server takes no more at once. */
const MOST = 500
const HAN = /\p{Script=Han}/u

export const useNames = defineStore('names', () => {
  const session = useSession()
  const latin = reactive(new Map<string, string>())
  const wanted = new Set<string>()
  /** Asked for and not answered, or not with this name: asked again after a while. */
  const askedAt = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function latinOf(name: string): string {
    const known = latin.get(name)
    if (known !== undefined) return known
    if (session.me !== null && HAN.test(name) && Date.now() - (askedAt.get(name) ?? -AGAIN_MS) >= AGAIN_MS) want(name)
    return name
  }

  function want(name: string): void {
    wanted.add(name)
    askedAt.set(name, Date.now())
    timer ??= setTimeout(() => void ask(), TOGETHER_MS)
  }

  async function ask(): Promise<void> {
    timer = undefined
    const names = [...wanted].slice(0, MOST)
    for (const name of names) wanted.delete(name)
    if (wanted.size) timer = setTimeout(() => void ask(), TOGETHER_MS)
    const read = await readNames(names).catch(() => null) // away: the registered name stays, and is asked for again
    for (const [name, said] of Object.entries(read ?? {})) latin.set(name, said)
  }

  whenDropped(() => {
    clearTimeout(timer)
    timer = undefined
    latin.clear()
    wanted.clear()
    askedAt.clear()
  })

  return { latinOf }
})

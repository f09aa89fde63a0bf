/** Which incident the seat is to open, as another page, a link or a key asks for it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

import { whenDropped } from './holding'

export interface Wish {
  id: string
  /** Taken as soon as it lies open. */
  take: boolean
}

export const useWish = defineStore('wish', () => {
  const wish = shallowRef<Wish | null>(null)

  function ask(id: string, take = false): void {
    wish.value = { id, take }
  }

  /** The wish, once. */
  function grant(): Wish | null {
    const granted = wish.value
    wish.value = null
    return granted
  }

  whenDropped(() => (wish.value = null))
  return { wish, ask, grant }
})

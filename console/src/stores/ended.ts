/** Tests that are over: said once at each console, until somebody has read it or ten minutes have passed. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

import type { TestOver } from '@/api/wire'

import { whenDropped } from './holding'
import { useNow } from './now'

const SHOWN_MS = 600_000

export const useEnded = defineStore('ended', () => {
  const now = useNow()
  const known = shallowRef(new Map<number, TestOver>())
  const read = shallowRef(new Set<number>())

  const notices = computed(() => [...known.value.values()].filter((each) => !read.value.has(each.id) && now.value - Date.parse(each.over_at) < SHOWN_MS))

  function apply(over: readonly TestOver[]): void {
    if (over.length) known.value = new Map([...known.value, ...over.map((each) => [each.id, each] as const)])
  }

  function dismiss(id: number): void {
    read.value = new Set([...read.value, id])
  }

  whenDropped(() => {
    known.value = new Map()
    read.value = new Set()
  })

  return { notices, apply, dismiss }
})

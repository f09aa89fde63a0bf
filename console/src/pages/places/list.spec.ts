import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { effectScope } from 'vue'

import { useLongList } from './list'

const PAGES: Record<string, { items: string[]; total: number; after: string | null }> = {
  '': { items: ['安', '白'], total: 3, after: 'b' },
  b: { items: ['曹'], total: 3, after: null },
}

function listOf(ask: (after: string | null) => Promise<(typeof PAGES)['']>) {
  return effectScope().run(() => useLongList(ask as never))!
}

beforeEach(() => setActivePinia(createPinia()))

it('reads on behind the last line, once, and not beyond the end', async () => {
  const asked: (string | null)[] = []
  const list = listOf(async (after) => (asked.push(after), PAGES[after ?? '']!))
  await list.load()
  await Promise.all([list.more(), list.more()])
  await list.more()
  expect([list.items.value, list.total.value]).toEqual([['安', '白', '曹'], 3])
  expect(asked).toEqual([null, 'b'])
})

it('shows the answer to the newest question, and forgets the one before', async () => {
  const waiting: ((page: (typeof PAGES)['']) => void)[] = []
  const list = listOf(() => new Promise((resolve) => waiting.push(resolve)))
  void list.load()
  void list.load()
  waiting[1]!({ items: ['new'], total: 1, after: null })
  await flushPromises()
  waiting[0]!({ items: ['old'], total: 1, after: null })
  await flushPromises()
  expect([list.items.value, list.asking.value]).toEqual([['new'], false])
})

it('keeps why it could not be read', async () => {
  const list = listOf(() => Promise.reject(new Error('no')))
  await list.load()
  expect(list.failure.value).toBeInstanceOf(Error)
})

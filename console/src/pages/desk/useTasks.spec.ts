import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, defineComponent, h } from 'vue'

import type { Task } from '@/api/desk'
import { away, refusal } from '@/testing/pages'

import { idOf, NOW, task } from '@/testing/tasks'
import { useTasks } from './useTasks'

// Before the clock of the console begins to tick.
vi.hoisted(() => vi.useFakeTimers())

const filter = computed(() => ({ q: '', state: [], kind: [], staff_id: null, day: '' }))
const counts = { ranks: { unplaced_rescue: 0 }, states: { open: 2 }, as_of: NOW }
const page = (items: Task[], after: string | null = null) => ({ items, after, mark: '5:5:', as_of: NOW })
const changes = (items: Task[], gone: string[] = [], more = false) => ({ items, gone, mark: '6:6:', as_of: NOW, more })

describe('the tasks of a filter', () => {
  let answers: Record<string, unknown>
  let asked: string[]

  beforeEach(async () => {
    vi.setSystemTime(NOW)
    await vi.advanceTimersByTimeAsync(1_000) // the clock of the console ticks once
    answers = { tasks: page([task({ id: idOf(1) }), task({ id: idOf(2) })]), counts, changes: changes([]) }
    asked = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url)
      const answer = answers[/desk\/(\w+)/.exec(url)![1]!]
      return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  async function begin() {
    let list!: ReturnType<typeof useTasks>
    const wrapper = mount(defineComponent({ setup: () => ((list = useTasks(filter)), () => h('i')) }))
    await vi.advanceTimersByTimeAsync(0)
    return { list, wrapper }
  }
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const ids = (list: ReturnType<typeof useTasks>) => list.tasks.value.map(({ id, version }) => [id, version])

  it('are asked for what has changed, and nothing else, every two seconds', async () => {
    const { list, wrapper } = await begin()
    asked = []
    answers.changes = changes([task({ id: idOf(2), version: 4 }), task({ id: idOf(3) })], [idOf(1)])
    await passes(2_100)
    expect(asked[0]).toContain('mark=5%3A5%3A')
    expect(asked.some((url) => url.includes('desk/tasks'))).toBe(false)
    expect(ids(list)).toEqual([[idOf(2), 4], [idOf(3), 3]])
    wrapper.unmount()
  })

  it('keep the newer of two states, whichever comes last', async () => {
    const { list, wrapper } = await begin()
    list.lay([task({ id: idOf(1), version: 9 })])
    list.lay([task({ id: idOf(1), version: 8 })])
    expect(ids(list)[0]).toEqual([idOf(1), 9])
    wrapper.unmount()
  })

  it('are loaded anew where too much has changed', async () => {
    const { list, wrapper } = await begin()
    answers.changes = changes([], [], true)
    answers.tasks = page([task({ id: idOf(7) })])
    await passes(2_100)
    expect(ids(list)).toEqual([[idOf(7), 3]])
    wrapper.unmount()
  })

  it.each([['the office is away', () => away()], ['the server refuses', () => refusal(500, 'internal')]])('say that they are old when %s, and no longer when it is back', async (_, broken) => {
    const { list, wrapper } = await begin()
    expect(list.stale.value).toBe(false)
    answers.changes = broken()
    await passes(11_000)
    expect(list.stale.value).toBe(true)
    expect(ids(list)).toHaveLength(2)
    answers.changes = changes([])
    await passes(3_000)
    expect(list.stale.value).toBe(false)
    wrapper.unmount()
  })

  it('ask nothing more once the page is left', async () => {
    const { wrapper } = await begin()
    wrapper.unmount()
    asked = []
    await passes(10_000)
    expect(asked).toEqual([])
  })
})

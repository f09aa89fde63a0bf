import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useDuty } from '@/stores/duty'
import { useShift } from '@/stores/shift'
import { foreignWords, logIn, refusal, show } from '@/testing/pages'

import HandOver from './HandOver.vue'
import { workLiesOpen } from './skip'

const NOTE = { id: 3, user_id: 8, name: '王敏', name_en: 'Wang Min', began_at: '2026-11-22T00:00:00Z', ended_at: '2026-11-22T08:00:00Z', note: '3号楼电梯停运', read_by: [] }

/** What was asked of the server, and its answers in turn. */
let asked: string[]
let answers: Response[]

beforeEach(async () => {
  setActivePinia(createPinia())
  await logIn()
  asked = []
  answers = []
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string | null }) => {
    asked.push(`${url.replace('/api/v1', '')} ${body ?? ''}`.trim())
    return answers.shift() ?? new Response(null, { status: 204 })
  })
})

describe('handing over', () => {
  it.each(['zh-CN', 'en'] as const)('puts the note before whoever comes on duty until it is read, in %s', async (language) => {
    const { wrapper, missing } = show(HandOver, language)
    answers = [new Response(JSON.stringify([NOTE])), refusal(503, 'unavailable')]
    useShift()
    useDuty().onDuty = true
    await flushPromises()
    expect(wrapper.get('[data-test=note-to-read]').text()).toContain(NOTE.note)
    if (language === 'en') expect(foreignWords(wrapper.text(), NOTE)).toEqual([])
    await wrapper.get('[data-test=note-read]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=note-to-read] [role=alert]').exists()).toBe(true)
    await wrapper.get('[data-test=note-read]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=note-to-read]').exists()).toBe(false)
    expect(asked).toEqual(['/shifts/begin', '/shifts/3/read', '/shifts/3/read'])
    expect(missing).toEqual([])
  })

  it('moves nothing while somebody lies open, and comes when they do not', async () => {
    const { wrapper } = show(HandOver, 'en')
    answers = [new Response(JSON.stringify([NOTE, { ...NOTE, id: 4, note: 'second' }]))]
    workLiesOpen.value = true
    useShift()
    useDuty().onDuty = true
    await flushPromises()
    expect(wrapper.find('[data-test=note-to-read]').exists()).toBe(false)
    workLiesOpen.value = false
    await flushPromises()
    expect(wrapper.get('[data-test=note-to-read]').text()).toContain(NOTE.note)
    workLiesOpen.value = true
    await flushPromises()
    expect(wrapper.get('[data-test=note-to-read]').text()).toContain(NOTE.note)
    workLiesOpen.value = false
    await wrapper.get('[data-test=note-read]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=note-to-read]').text()).toContain('second')
  })

  it('asks whoever goes for what the next one is to know, and keeps the words until they are written down', async () => {
    const { wrapper, missing } = show(HandOver, 'en')
    answers = [refusal(503, 'unavailable')]
    useShift().leave()
    await flushPromises()
    await wrapper.get('textarea').setValue('lift out of order')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect((wrapper.get('textarea').element as HTMLTextAreaElement).value).toBe('lift out of order')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('form').exists()).toBe(false)
    expect(asked).toEqual(Array(2).fill('/shifts/end {"note":"lift out of order"}'))
    expect(missing).toEqual([])
  })

  it('may have nothing to hand over', async () => {
    const { wrapper } = show(HandOver, 'zh-CN')
    useShift().leave()
    await flushPromises()
    await wrapper.get('[data-test=nothing-to-hand-over]').trigger('click')
    await flushPromises()
    expect(asked).toEqual(['/shifts/end {"note":""}'])
  })
})

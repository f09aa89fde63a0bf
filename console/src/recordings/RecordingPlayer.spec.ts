import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import { useIncidents } from '@/stores/incidents'
import { incident } from '@/testing/views'
import { away, eachInAFreshBrowser, foreignWords, me, refusal, remember, show, type Sent } from '@/testing/pages'

import RecordingList from './RecordingList.vue'

const CALL = '0196b1f0-0000-7000-8000-000000000001'
const recording = {
  id: 7, call_id: CALL, name: 'trial-1.2', state: 'kept', reason: '', is_repaired: false, seconds: 65, channels: 2, recorded_at: '2026-11-12T03:04:05Z', region_id: 1, held_at: null,
  held_reason: '', held_by_name: null, held_by_name_en: null,
}
const detail = { ...recording, waveform: [[255, 0], [0, 128]], sha256: 'ab' }
const LIST = `GET /hotline/calls/${CALL}/recordings`
const LISTEN = 'POST /hotline/recordings/7/listen'
const SOUND = '/api/v1/hotline/recordings/7/sound?key=k'
const answers = {
  [LIST]: [recording], 'GET /hotline/recordings/7': detail, [LISTEN]: { id: CALL, sound: SOUND, until: '2026-11-12T04:00:00Z' }, 'POST /hotline/recordings/7/hold': { ...detail, state: 'held' },
}

/** What of an audio element a test needs: jsdom has none that plays. */
class Player extends EventTarget {
  static last: Player | null = null
  src = ''
  preload = ''
  currentTime = 0
  playbackRate = 1
  defaultPlaybackRate = 1
  constructor() {
    super()
    Player.last = this
  }
  play() {
    this.dispatchEvent(new Event('play'))
    return Promise.resolve()
  }
  pause() {
    this.dispatchEvent(new Event('pause'))
  }
  hasAttribute() {
    return this.src !== ''
  }
  removeAttribute() {
    this.src = ''
  }
}

async function shown(language: 'en' | 'zh-CN' = 'en', more: Record<string, unknown> = {}) {
  const sent = remember({ ...answers, ...more })
  const all = show(RecordingList, language, { props: { of: { call: CALL }, sayNone: true } })
  await flushPromises()
  return { ...all, sent }
}

async function heard(language: 'en' | 'zh-CN' = 'en'): Promise<Awaited<ReturnType<typeof shown>> & { sent: Sent[] }> {
  const all = await shown(language)
  await all.wrapper.get('[data-test=recording-listen]').trigger('click')
  await all.wrapper.get('[data-test=recording-usual]').trigger('click')
  await all.wrapper.get('[data-test=recording-reason]').trigger('submit')
  await flushPromises()
  return all
}

describe('a recording of a call', () => {
  eachInAFreshBrowser({ actions: [...me().actions, 'hear_recordings', 'keep_recordings'] })
  beforeEach(() => vi.stubGlobal('Audio', Player))

  it.each(['en', 'zh-CN'] as const)('plays after somebody has said why, in %s', async (language) => {
    const { wrapper, missing, sent } = await heard(language)
    expect(sent).toEqual([{ path: LISTEN, body: { reason: language === 'en' ? 'To hear again what was said for this case' : '核对本次求助的通话内容' } }])
    expect(Player.last!.src).toBe(SOUND)
    expect(wrapper.get('[data-test=recording-toggle]').text()).toContain(language === 'en' ? 'Stop' : '停止')
    expect(wrapper.findAll('.wave__side')).toHaveLength(2)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it('asks for a reason and takes none that says nothing', async () => {
    const { wrapper, sent } = await shown()
    await wrapper.get('[data-test=recording-listen]').trigger('click')
    await wrapper.get('#recording-reason').setValue('  a  ')
    await wrapper.get('[data-test=recording-reason]').trigger('submit')
    expect(wrapper.get('[data-test=recording-say]').attributes('disabled')).toBeDefined()
    expect(sent).toEqual([])
    expect(Player.last!.src).toBe('')
  })

  it('is worked by keys: space, arrows, speed', async () => {
    const { wrapper } = await heard()
    const one = wrapper.get('[data-test=recording]')
    await one.trigger('keydown', { key: 'ArrowRight' })
    await one.trigger('keydown', { key: 'ArrowRight' })
    await one.trigger('keydown', { key: 'ArrowLeft' })
    expect(Player.last!.currentTime).toBe(5)
    await one.trigger('keydown', { key: '+' })
    expect(Player.last!.playbackRate).toBe(1.25)
    await one.trigger('keydown', { key: ' ' })
    expect(wrapper.get('[data-test=recording-toggle]').text()).toContain('Play')
    expect(wrapper.get('[data-test=recording-at]').text()).toBe('00:05 of 01:05')
  })

  it('stops when an alarm begins to ring, and says so', async () => {
    const { wrapper } = await heard()
    useIncidents().applyUpserts([incident()], [])
    await nextTick()
    expect(wrapper.get('[data-test=recording-interrupted]').text()).toContain('alarm rings')
    expect(wrapper.get('[data-test=recording-toggle]').text()).toContain('Play')
  })

  it('says why there is nothing to hear', async () => {
    const { wrapper } = await shown('en', { [LIST]: [{ ...recording, state: 'missing', reason: 'no_sound', seconds: null, channels: null }] })
    expect(wrapper.get('[data-test=recording-state]').text()).toBe('nothing was said')
    expect(wrapper.find('[data-test=recording-listen]').exists()).toBe(false)
  })

  it('tells in words what the server refuses, and stays open', async () => {
    const { wrapper } = await shown('en', { [LISTEN]: refusal(503, 'recordings_away') })
    await wrapper.get('[data-test=recording-listen]').trigger('click')
    await wrapper.get('[data-test=recording-usual]').trigger('click')
    await wrapper.get('[data-test=recording-reason]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[role=alert]').text()).toContain('another server')
  })

  it('is held with a reason', async () => {
    const { wrapper, sent } = await shown()
    await wrapper.get('[data-test=recording-hold]').trigger('click')
    await wrapper.get('#recording-reason').setValue('the family disputes it')
    await wrapper.get('[data-test=recording-reason]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /hotline/recordings/7/hold', body: { reason: 'the family disputes it' } }])
  })

  it('says that there is none, that they cannot be loaded, and while the office is away', async () => {
    expect((await shown('en', { [LIST]: [] })).wrapper.get('[data-test=recordings-none]').text()).toContain('No recording')
    expect((await shown('en', { [LIST]: refusal(500, 'internal') })).wrapper.get('[data-test=recordings-failed]').text()).toContain('cannot be loaded')
    expect((await shown('en', { [LIST]: away() })).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})

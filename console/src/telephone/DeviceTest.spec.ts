import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import { preferences, readPreferences } from '@/stores/soundDevices'
import { eachInAFreshBrowser, foreignWords, me, show } from '@/testing/pages'

import DeviceTest from './DeviceTest.vue'
import { levelOf } from './trial'

eachInAFreshBrowser({ actions: [...me().actions, 'answer_calls'] }, { frozen: true })

/** Hears what the test says. */
let loudness = 0
class Context {
  createAnalyser = () => ({ fftSize: 64, getFloatTimeDomainData: (samples: Float32Array) => void samples.fill(loudness) })
  createMediaStreamSource = () => ({ connect: () => undefined })
  close = () => Promise.resolve()
}
const device = (kind: string, deviceId: string, label: string) => ({ kind, deviceId, label })
let give: () => Promise<unknown>

beforeEach(() => {
  loudness = 0
  Object.assign(preferences, readPreferences(null))
  give = () => Promise.resolve({ getTracks: () => [] })
  vi.stubGlobal('AudioContext', Context)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => give(), enumerateDevices: () => Promise.resolve([device('audioinput', 'm', 'Headset mic'), device('audiooutput', 'h', 'Headset'), device('audiooutput', 's', '')]) } })
})

it.each(['zh-CN', 'en'] as const)('says in %s whether a voice is heard, and names the devices', async (language) => {
  const { wrapper, missing } = show(DeviceTest, language)
  await flushPromises()
  expect(wrapper.find('[data-test=choose-headset]').findAll('option')).toHaveLength(3)
  const before = wrapper.find('[data-test=level-said]').text()
  loudness = 0.2
  await vi.advanceTimersByTimeAsync(250)
  expect(wrapper.find('[data-test=level-said]').text()).not.toBe(before)
  await wrapper.find('[data-test=ring-test]').trigger('click')
  await wrapper.find('[data-test=device-test-done]').trigger('click')
  expect(preferences.tested).toBe(true)
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
})

it('says that the microphone is refused, and tries again', async () => {
  give = () => Promise.reject(new DOMException('', 'NotAllowedError'))
  const { wrapper } = show(DeviceTest, 'en')
  await flushPromises()
  expect(wrapper.find('[data-test=no-microphone]').text()).toContain('would not be heard')
  give = () => Promise.resolve({ getTracks: () => [] })
  await wrapper.find('[data-test=no-microphone] button').trigger('click')
  await flushPromises()
  expect(wrapper.find('[data-test=no-microphone]').exists()).toBe(false)
})

it('is to be done anew with other devices', async () => {
  preferences.tested = true
  const { wrapper } = show(DeviceTest, 'en')
  await flushPromises()
  await wrapper.find('[data-test=choose-microphone]').setValue('m')
  expect(preferences.tested).toBe(false)
})

it('keeps what was chosen, and takes nothing that it did not write', () => {
  expect(readPreferences('{"headset":"h","ringing":7,"talking":"loud","cleaned":false}')).toMatchObject({ headset: 'h', ringing: 1, talking: 1, cleaned: false })
  expect(readPreferences('no json')).toMatchObject({ headset: '', ringing: 0.8 })
})

it('measures a level', () => {
  expect(levelOf(new Float32Array([0.5, -0.5]))).toBeCloseTo(0.5)
  expect(levelOf(new Float32Array([]))).toBe(0)
})

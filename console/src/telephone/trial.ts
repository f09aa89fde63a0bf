/** Whether this seat hears and is heard, before somebody depends on it: the level of the microphone, the ring, a sentence spoken and played back. */
import { onScopeDispose, ref, shallowRef } from 'vue'

import { preferences } from '@/stores/soundDevices'

import { openMicrophone } from './microphone'
import { microphoneOf, type Microphone } from './state'

const LOOK_MS = 100
const SPOKEN_MS = 3_000
/** Of full scale: a voice at a headset is well above, a quiet room well below. */
export const HEARD_LEVEL = 0.03

export interface Devices {
  microphones: MediaDeviceInfo[]
  outputs: MediaDeviceInfo[]
}

/** Root mean square of samples from -1 to 1. */
export const levelOf = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / Math.max(1, samples.length))

export function useTrial() {
  const microphone = ref<Microphone>('untried')
  const level = ref(0)
  /** The loudest since the trial began. */
  const most = ref(0)
  const speech = ref<'none' | 'recording' | 'playing' | 'done'>('none')
  const devices = shallowRef<Devices>({ microphones: [], outputs: [] })
  let stream: MediaStream | null = null
  let context: AudioContext | null = null
  let look: ReturnType<typeof setInterval> | undefined
  let turn = 0

  async function begin(): Promise<void> {
    end()
    const mine = (turn += 1)
    most.value = 0
    try {
      const opened = await openMicrophone(preferences)
      if (mine !== turn) return opened.getTracks().forEach((track) => track.stop())
      stream = opened
      microphone.value = 'there'
      listen(stream)
    } catch (reason) {
      if (mine === turn) microphone.value = microphoneOf(reason)
    }
    await list()
  }

  function listen(from: MediaStream): void {
    context = new AudioContext()
    const analyser = context.createAnalyser()
    const samples = new Float32Array(analyser.fftSize)
    context.createMediaStreamSource(from).connect(analyser)
    look = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      level.value = levelOf(samples)
      most.value = Math.max(most.value, level.value)
    }, LOOK_MS)
  }

  /** Names of devices are told only once the microphone was allowed. */
  async function list(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    devices.value = { microphones: all.filter(({ kind }) => kind === 'audioinput'), outputs: all.filter(({ kind }) => kind === 'audiooutput') }
  }

  /** A sentence, and the same on the headset. */
  async function speak(): Promise<void> {
    if (!stream) return
    speech.value = 'recording'
    const url = URL.createObjectURL(await recorded(stream))
    speech.value = 'playing'
    const output: HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> } = new Audio(url)
    output.volume = preferences.talking
    await output.setSinkId?.(preferences.headset).catch(() => undefined)
    output.onended = output.onerror = () => {
      speech.value = 'done'
      URL.revokeObjectURL(url)
    }
    await output.play().catch(() => (speech.value = 'done'))
  }

  function end(): void {
    turn += 1
    clearInterval(look)
    void context?.close()
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = context = null
    level.value = 0
  }

  navigator.mediaDevices?.addEventListener?.('devicechange', list)
  onScopeDispose(() => {
    end()
    navigator.mediaDevices?.removeEventListener?.('devicechange', list)
  })
  return { microphone, level, most, speech, devices, begin, speak, end }
}

async function recorded(stream: MediaStream): Promise<Blob> {
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => void parts.push(data)
  const stopped = new Promise((resolve) => (recorder.onstop = resolve))
  recorder.start()
  setTimeout(() => recorder.state === 'recording' && recorder.stop(), SPOKEN_MS)
  await stopped
  return new Blob(parts, { type: recorder.mimeType })
}

/** One recording being heard: an audio element, how fast, and how loud each side is. An alarm that begins to ring stops it. */
import { onBeforeUnmount, ref, watch } from 'vue'

import { useIncidents } from '@/stores/incidents'

import { gains, moved } from './listeningTime'

export function usePlayback(length: () => number) {
  const incidents = useIncidents()
  const audio = new Audio()
  audio.preload = 'auto'
  const at = ref(0)
  const plays = ref(false)
  const speed = ref(1)
  const balance = ref(0)
  const failed = ref(false)
  /** It was stopped by an alarm, and not by a hand. */
  const interrupted = ref(false)
  let sides: { context: AudioContext; far: GainNode; centre: GainNode } | null = null

  /** The two channels one above the other, so that both ears hear both. Only from a click: browsers give sound to nobody else. */
  function mix(): void {
    if (sides || typeof AudioContext === 'undefined') return
    const context = new AudioContext()
    const [source, splitter] = [context.createMediaElementSource(audio), context.createChannelSplitter(2)]
    const [far, centre, both] = [context.createGain(), context.createGain(), context.createGain()]
    both.channelCount = 1
    both.channelCountMode = 'explicit'
    source.connect(splitter)
    splitter.connect(far, 0).connect(both)
    splitter.connect(centre, 1).connect(both)
    both.connect(context.destination)
    sides = { context, far, centre }
    balanced()
  }

  function balanced(): void {
    if (!sides) return
    const wanted = gains(balance.value)
    sides.far.gain.value = wanted.far
    sides.centre.gain.value = wanted.centre
  }

  function load(address: string, stereo: boolean): void {
    failed.value = false
    audio.src = address
    if (stereo) mix()
  }

  async function play(): Promise<void> {
    interrupted.value = false
    try {
      await sides?.context.resume()
      await audio.play()
    } catch {
      failed.value = true
    }
  }

  const pause = () => audio.pause()
  const toggle = () => (plays.value ? pause() : void play())

  function goTo(seconds: number): void {
    at.value = seconds
    audio.currentTime = seconds
  }

  const move = (by: number) => goTo(moved(at.value, by, length()))

  audio.addEventListener('timeupdate', () => (at.value = audio.currentTime))
  audio.addEventListener('play', () => (plays.value = true))
  for (const name of ['pause', 'ended'] as const) audio.addEventListener(name, () => (plays.value = false))
  audio.addEventListener('error', () => {
    failed.value = audio.hasAttribute('src')
    plays.value = false
  })

  watch(speed, (now) => {
    audio.playbackRate = now
    audio.defaultPlaybackRate = now
  })
  watch(balance, balanced)
  watch(() => incidents.ringing.length, (now, before) => {
    if (now <= before || !plays.value) return
    interrupted.value = true
    pause()
  })

  onBeforeUnmount(() => {
    pause()
    audio.removeAttribute('src')
    void sides?.context.close()
  })

  return { at, plays, speed, balance, failed, interrupted, load, play, toggle, goTo, move }
}

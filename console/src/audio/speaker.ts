/** Plays one loop at a time through WebAudio and knows whether it can really be heard. */
import { render, type Sound } from './tones'

const SOFT_GAIN = 0.3

export class Speaker {
  private context: AudioContext | null = null
  private gain: GainNode | null = null
  private source: AudioBufferSourceNode | null = null
  private readonly buffers = new Map<Sound, AudioBuffer>()
  private playing: Sound | null = null
  private lastTime = -1

  /** Must be called from a click: browsers give sound to nobody else. Plays the test tone. */
  async arm(): Promise<boolean> {
    this.context ??= new AudioContext()
    await this.context.resume()
    this.gain ??= this.output(this.context)
    this.once('alarm')
    return this.context.state === 'running'
  }

  /** Where the chosen loudspeaker is gone the usual one sounds: an alarm is never lost with a plug. */
  async resume(): Promise<boolean> {
    if (this.context?.state !== 'running') await this.toSink('')
    await this.context?.resume()
    return this.context?.state === 'running'
  }

  /** Through this output device; empty: the usual one. False where the browser cannot, or the device is not there: then all stays as it was. */
  async toSink(id: string): Promise<boolean> {
    const context = this.context as (AudioContext & { setSinkId?: (id: string) => Promise<void>; sinkId?: string }) | null
    if (!context?.setSinkId || context.sinkId === id) return !id || context?.sinkId === id
    try {
      await context.setSinkId(id)
      return true
    } catch {
      return false // unplugged, or not allowed
    }
  }

  async silence(): Promise<void> {
    this.loop(null, false)
    await this.context?.suspend()
  }

  /** True while samples are really being played: the state says running and the clock of the output moves. */
  runs(): boolean {
    if (!this.context || this.context.state !== 'running') return false
    const moved = this.context.currentTime !== this.lastTime
    this.lastTime = this.context.currentTime
    return moved
  }

  /** `loud` from 0 to 1: of what may be turned down. */
  loop(sound: Sound | null, soft: boolean, loud = 1): void {
    if (!this.context || !this.gain) return
    this.gain.gain.setTargetAtTime(soft ? SOFT_GAIN : loud, this.context.currentTime, 0.05)
    if (sound === this.playing) return
    this.source?.stop()
    this.source = null
    this.playing = sound
    if (sound) this.source = this.play(sound, true)
  }

  once(sound: Sound): void {
    if (this.context?.state === 'running') this.play(sound, false)
  }

  private play(sound: Sound, loop: boolean): AudioBufferSourceNode {
    const source = this.context!.createBufferSource()
    source.buffer = this.buffer(sound)
    source.loop = loop
    source.connect(this.gain!)
    source.start()
    return source
  }

  private buffer(sound: Sound): AudioBuffer {
    const known = this.buffers.get(sound)
    if (known) return known
    const samples = render(sound, this.context!.sampleRate)
    const buffer = this.context!.createBuffer(1, samples.length, this.context!.sampleRate)
    buffer.copyToChannel(samples, 0)
    this.buffers.set(sound, buffer)
    return buffer
  }

  private output(context: AudioContext): GainNode {
    const gain = context.createGain()
    gain.connect(context.destination)
    return gain
  }
}

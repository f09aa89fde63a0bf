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

  async resume(): Promise<boolean> {
    await this.context?.resume()
    return this.context?.state === 'running'
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

  loop(sound: Sound | null, soft: boolean): void {
    if (!this.context || !this.gain) return
    this.gain.gain.setTargetAtTime(soft ? SOFT_GAIN : 1, this.context.currentTime, 0.05)
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

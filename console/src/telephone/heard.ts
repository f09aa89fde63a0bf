/** What is heard of those who speak: on the headset, as loud as the user wants it. */
import { ref } from 'vue'

import type { Preferences } from '@/stores/soundDevices'

import type { Ringing } from './line'

type Output = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

export class Heard {
  /** The browser does not play it. */
  readonly isRefused = ref(false)
  private readonly outputs = new Map<Ringing, Output>()

  play(one: Ringing, wanted: Preferences): void {
    const output: Output = new Audio()
    output.srcObject = one.remote
    this.outputs.set(one, output)
    this.follow(wanted)
    this.start(output)
  }

  /** A device that is gone leaves the sound where it is. */
  follow({ headset, talking }: Pick<Preferences, 'headset' | 'talking'>): void {
    for (const output of this.outputs.values()) {
      output.volume = talking
      output.setSinkId?.(headset).catch(() => undefined)
    }
  }

  /** From a click: what the browser did not play before. */
  resume(): void {
    for (const output of this.outputs.values()) this.start(output)
  }

  stop(one: Ringing): void {
    const output = this.outputs.get(one)
    if (!output) return
    output.pause()
    output.srcObject = null
    this.outputs.delete(one)
    if (!this.outputs.size) this.isRefused.value = false
  }

  stopAll(): void {
    for (const one of [...this.outputs.keys()]) this.stop(one)
  }

  private start(output: Output): void {
    output.play().then(() => (this.isRefused.value = false), (reason: unknown) => {
      if (output.srcObject && !(reason instanceof DOMException && reason.name === 'AbortError')) this.isRefused.value = true
    })
  }
}

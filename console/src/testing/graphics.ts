/** Graphics as tests want them: busy, or done with everything. */
import type { Fences } from '@/map/gl/pace'

export class Graphics implements Fences {
  readonly SYNC_GPU_COMMANDS_COMPLETE = 0x9117
  readonly SYNC_STATUS = 0x9114
  readonly SIGNALED = 0x9119
  busy = false
  lost = false
  /** Fences that stand. */
  readonly fences = new Set<WebGLSync>()

  fenceSync(): WebGLSync | null {
    const fence = {} as WebGLSync
    this.fences.add(fence)
    return this.lost ? null : fence
  }

  getSyncParameter(): unknown {
    return this.busy ? 0x9118 : this.SIGNALED
  }

  deleteSync(fence: WebGLSync | null): void {
    if (fence) this.fences.delete(fence)
  }

  flush(): void {}

  isContextLost(): boolean {
    return this.lost
  }
}

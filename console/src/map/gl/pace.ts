/**
 * How far the graphics process is behind. Whoever asks it for something that must be answered at once, such as a canvas of
 * another size, waits until all that was drawn before is done, and with it the whole page: clocks, keys and the live board.
 * A fence is asked without waiting.
 */

/** The part of WebGL that is used here. */
export type Fences = Pick<
  WebGL2RenderingContext,
  'fenceSync' | 'getSyncParameter' | 'deleteSync' | 'flush' | 'isContextLost' | 'SYNC_GPU_COMMANDS_COMPLETE' | 'SYNC_STATUS' | 'SIGNALED'
>

const LOOK_MS = 20

export class Pace {
  /** Something was drawn of which nobody knows yet that it is done. */
  private drawing = false
  private fence: WebGLSync | null = null
  private looking: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly gl: Fences) {}

  /** A frame was given to the graphics process. */
  drew(): void {
    this.drawing = true
  }

  /** Calls back when all that was drawn is done, in this very call where it is; only the last who asked is called. */
  whenDone(then: (waitedMs: number) => void): void {
    this.forget()
    if (this.drawing) this.fence = this.gl.fenceSync(this.gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    this.gl.flush()
    this.look(then, performance.now())
  }

  /** Nobody is called any more. */
  forget(): void {
    clearTimeout(this.looking)
    this.gl.deleteSync(this.fence)
    this.fence = null
  }

  private look(then: (waitedMs: number) => void, since: number): void {
    if (this.isBehind()) {
      this.looking = setTimeout(() => this.look(then, since), LOOK_MS)
      return
    }
    this.forget()
    this.drawing = false
    then(performance.now() - since)
  }

  /** A context that is lost answers nothing, and draws nothing either. */
  private isBehind(): boolean {
    const { gl, fence } = this
    return fence !== null && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED
  }
}

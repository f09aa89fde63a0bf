/** The line to the device process: the whole state on every change, and orders by POST. */

import { onBeforeUnmount, ref, shallowRef } from 'vue'

import { NOTHING_YET, readState, type DemoState, type DeviceKey } from './state'

const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 4000

export function useDemo() {
  const state = shallowRef<DemoState>(NOTHING_YET)
  const connected = ref(false)
  /** False until the first state has come. */
  const known = ref(false)
  const failed = ref('')
  let socket: WebSocket | null = null
  let waitMs = FIRST_WAIT_MS
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    socket = new WebSocket(`${scheme}://${location.host}/demo/live`)
    socket.onopen = () => {
      connected.value = true
      waitMs = FIRST_WAIT_MS
    }
    socket.onmessage = (event: MessageEvent<string>) => {
      const next = readState(event.data)
      if (!next) return
      state.value = next
      known.value = true
    }
    socket.onclose = () => {
      connected.value = false
      if (ended) return
      timer = setTimeout(open, waitMs)
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
    }
  }

  const order = async (path: string, body?: unknown): Promise<boolean> => (await asked(path, body)) !== null

  /** The answer; null: it was refused, or nobody is there. */
  async function asked(path: string, body?: unknown): Promise<{ result?: unknown } | null> {
    failed.value = ''
    try {
      const answer = await fetch(path, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      })
      if (answer.ok) return (await answer.json()) as { result?: unknown }
      failed.value = String(answer.status)
    } catch {
      failed.value = 'unreachable'
    }
    return null
  }

  open()
  onBeforeUnmount(() => {
    ended = true
    clearTimeout(timer)
    socket?.close()
  })
  return {
    state,
    connected,
    known,
    failed,
    press: (identifier: string, key: DeviceKey) => order(`/demo/devices/${encodeURIComponent(identifier)}/press`, { key }),
    reply: (number: string, text: string) => order(`/demo/phones/${encodeURIComponent(number)}/reply`, { text }),
    pageOf: async (number: string) => (await asked(`/demo/phones/${encodeURIComponent(number)}/page`))?.result,
    cutPower: () => order('/demo/power-cut'),
    kill: () => order('/demo/server/kill'),
    start: () => order('/demo/server/start'),
  }
}

/** Pages and parts in a test as an operator sees them, with what jsdom lacks. */
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, vi } from 'vitest'
import { nextTick, type Component } from 'vue'
import { createMemoryHistory, createRouter, type RouteRecordRaw, type RouterHistory } from 'vue-router'

import { useSession, type Me } from '@/stores/session'
import { i18n, type Language } from '@/words'

enableAutoUnmount(afterEach)

/** Answers of the server by the beginning of the path, for as long as the test lasts; what is not named is not found. A `Response` is given as it is. */
export function serve(answers: Record<string, unknown>): void {
  const paths = Object.keys(answers).sort((a, b) => b.length - a.length)
  vi.stubGlobal('fetch', async (url: string) => {
    const path = paths.find((each) => url.startsWith(`/api/v1${each}`))
    const answer = path === undefined ? refusal(404, 'not_found') : answers[path]
    return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
  })
}

/** What a server was sent: `path` is method and address, without the question behind it. */
export interface Sent {
  path: string
  body: Record<string, unknown>
}

/** A server that remembers what it was sent, reading apart. Answers by method and address; what is sent and not named is done without a word. */
export function remember(answers: Record<string, unknown>): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', body = null }: { method?: string; body?: string | FormData | null }) => {
    const path = `${method} ${url.split('?')[0]!.replace('/api/v1', '')}`
    if (path === 'POST /names/latin') return new Response(namesAsTheyAre(body)) // how a name is read: reading, too
    if (method !== 'GET') sent.push({ path, body: fieldsOf(body) })
    const answer = answers[path]
    if (answer instanceof Response) return answer.clone()
    if (answer === undefined) return method === 'GET' ? refusal(404, 'not_found') : new Response(null, { status: 204 })
    return new Response(JSON.stringify(answer))
  })
  return sent
}

function namesAsTheyAre(body: string | FormData | null): string {
  const { names } = fieldsOf(body) as { names: string[] }
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, name])))
}

/** Of a form or of JSON. */
function fieldsOf(body: string | FormData | null): Record<string, unknown> {
  if (body instanceof FormData) return Object.fromEntries(body)
  return body ? (JSON.parse(body) as Record<string, unknown>) : {}
}

export function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ error: { code, message: '', params: {} } }), { status, headers })
}

/** The office is away: records, not alarms. */
export const away = () => refusal(503, 'office_away')

/** What jsdom has not and browsers have. */
export function fillBrowser(): void {
  vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} })
  vi.stubGlobal('CSS', { escape: (text: string) => text })
  Element.prototype.scrollIntoView ??= () => undefined
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }))
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true
  }
}

/** A page or part as an operator sees it, with rights to everything. `missing` gathers texts that a language has not. */
export function show(component: Component, language: Language, options: { props?: Record<string, unknown>; stubs?: Record<string, boolean>; slots?: Record<string, string>; routes?: RouteRecordRaw[]; history?: RouterHistory } = {}) {
  const missing: string[] = []
  const global = i18n.global as unknown as { locale: { value: string }; setMissingHandler(handler: (locale: string, key: string) => void): void }
  global.locale.value = language
  global.setMissingHandler((locale, key) => void missing.push(`${locale} ${key}`))
  const { stubs, routes = [], history = createMemoryHistory(), ...rest } = options
  const router = createRouter({ history, routes: [...routes, { path: '/:rest(.*)*', name: 'any', component: { render: () => null } }] })

  const wrapper = mount(component, { ...rest, attachTo: document.body, global: { plugins: [i18n, router], stubs: stubs ?? {} } })
  return { wrapper, missing, router }
}

/** Chinese words on an English screen, other than those that the test itself has brought in. */
export function foreignWords(text: string, brought: unknown): string[] {
  const known = JSON.stringify(brought)
  return [...new Set(text.replace(/<!--.*?-->/g, '').match(/[\u4e00-\u9fff]+/g) ?? [])].filter((word) => !known.includes(word))
}

/** Somebody who may do everything. */
export function me(parts: Partial<Me> = {}): Me {
  return {
    user: { id: 1, login: 'operator', name: '林晓雯', name_en: 'Lin Xiaowen', language: 'zh-CN' }, grants: [{ role: 'operator', region_id: 1 }],
    actions: ['see_incidents', 'work_incidents', 'see_profiles', 'edit_residents', 'import_residents', 'export_residents'],
    csrf_token: 'token', build: 'test', demo: false, exercise: false, expires_at: '2026-11-23T04:12:00Z', timezone: 'Asia/Shanghai', site: { name: '', name_en: '', contact: '' }, ...parts,
  }
}

export async function logIn(parts: Partial<Me> = {}): Promise<void> {
  const session = useSession()
  session.me = me(parts)
  session.state = 'in'
  await nextTick()
}

/** Each test begins in a fresh browser in which somebody is logged in, and leaves nothing of it. `frozen`: time goes on by hand only. */
export function eachInAFreshBrowser(who: Partial<Me> = {}, { frozen = false } = {}): void {
  beforeEach(async () => {
    if (frozen) vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn(who)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })
}

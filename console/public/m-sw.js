/* Keeps the page of phones at hand without a line: the page itself and what it is made of, nothing else. Never an answer of /api. */
const SHELF = 'phone-page-1'
const MOST = 60
const PAGE = '/m.html'

const madeOf = (html) => [...html.matchAll(/(?:src|href)="(\/(?:assets\/|m[-.])[^"]+)"/g)].map((found) => found[1])

async function fetchPage() {
  const answer = await fetch(PAGE, { cache: 'no-cache' })
  if (!answer.ok) throw new Error(`the page answers ${answer.status}`)
  const shelf = await caches.open(SHELF)
  const parts = madeOf(await answer.clone().text())
  const missing = await Promise.all(parts.map(async (part) => ((await shelf.match(part)) ? null : part)))
  await shelf.addAll(missing.filter(Boolean))
  await shelf.put(PAGE, answer.clone())
  const old = (await shelf.keys()).slice(0, -MOST)
  await Promise.all(old.map((request) => shelf.delete(request)))
  return answer
}

async function pageOrKept() {
  const kept = await caches.match(PAGE)
  const late = new Promise((resolve) => setTimeout(resolve, 3000, kept))
  return kept ? Promise.race([fetchPage().catch(() => kept), late]) : fetchPage()
}

self.addEventListener('install', (event) => event.waitUntil(fetchPage().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  if (pathname === PAGE) event.respondWith(pageOrKept())
  else if (pathname.startsWith('/assets/') || pathname.startsWith('/m-')) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
})

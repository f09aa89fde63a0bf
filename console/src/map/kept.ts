/**
 * The ground of regions as this browser was given it last, so that a seat that is opened anew while the office or the database is away has
 * its map. In IndexedDB, which holds megabytes and, unlike a cache of the browser, works without TLS. Nobody lives on it: it is
 * buildings, roads and signs. Where the browser keeps nothing there is the plain grid, as before.
 */
import type { RegionMap } from '@/api/places'

export interface KeptMap {
  map: RegionMap
  /** When it was fetched: ISO 8601. */
  at: string
}

const NAME = 'callcenter.maps'
const STORE = 'maps'
/** Of regions; whoever looks at more keeps those looked at last. */
export const MOST = 20

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE).createIndex('at', 'at')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error(`${NAME} cannot be opened`))
  })
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? new Error(`${NAME} took nothing`))
    })
  } finally {
    database.close()
  }
}

/** Never fails: a full disk or a private window keeps nothing. */
export async function keepMap(regionId: number, map: RegionMap): Promise<void> {
  try {
    await within('readwrite', (store) => store.put({ map, at: new Date().toISOString() }, regionId))
    const keys = await within('readonly', (store) => store.index('at').getAllKeys())
    for (const old of keys.slice(0, -MOST)) await within('readwrite', (store) => store.delete(old))
  } catch {
    // there is the office to ask, and the plain grid without it
  }
}

/** The region is not for these eyes any more, or has no map. */
export async function forgetMap(regionId: number): Promise<void> {
  await within('readwrite', (store) => store.delete(regionId)).catch(() => undefined)
}

/** The first of these that is kept. */
export async function keptMap(regionIds: readonly number[]): Promise<KeptMap | null> {
  try {
    for (const id of regionIds) {
      const found = await within<KeptMap | undefined>('readonly', (store) => store.get(id))
      if (found) return found
    }
  } catch {
    // nothing is kept here
  }
  return null
}

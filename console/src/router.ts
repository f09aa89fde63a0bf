/** Pages bring their own routes: `pages/<area>/routes.ts` exports an array of records by default. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

import type { Action } from '@/stores/session'

const files = import.meta.glob<RouteRecordRaw[]>('./pages/*/routes.ts', { eager: true, import: 'default' })

/** `meta`: `nav` key of the text in the main menu (`shell/pages.ts` says where it stands), `action` the right it needs, `open` no log-in. */
declare module 'vue-router' {
  interface RouteMeta {
    nav?: string
    action?: Action
    open?: boolean
    /** The queue itself stands on this page: no strip is needed to show that somebody waits. */
    queue?: boolean
  }
}

export const router = createRouter({ history: createWebHashHistory(), routes: Object.values(files).flat() })

import type { RouteRecordRaw } from 'vue-router'

/** Reached from the own name above every page: it is everybody's, and stands in no area. */
const routes: RouteRecordRaw[] = [{ path: '/sessions', name: 'sessions', component: () => import('./SessionsPage.vue') }]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [{ path: '/start', name: 'start', component: () => import('./StartPage.vue') }]

export default routes

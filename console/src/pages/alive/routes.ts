import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/alive',
    name: 'alive',
    component: () => import('./AlivePage.vue'),
    meta: { nav: 'alive.nav', order: 4.96, action: 'see_liveness' },
  },
]

export default routes

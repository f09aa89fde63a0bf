import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/rounds',
    name: 'rounds',
    component: () => import('./RoundsPage.vue'),
    meta: { nav: 'rounds.nav', action: 'see_field' },
  },
]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/live',
    name: 'live',
    component: () => import('./LivePage.vue'),
    meta: { nav: 'live.nav', action: 'see_figures' },
  },
]

export default routes

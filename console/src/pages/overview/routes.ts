import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/live',
    name: 'live',
    component: () => import('./LivePage.vue'),
    meta: { nav: 'live.nav', order: 1.2, action: 'see_figures' },
  },
]

export default routes

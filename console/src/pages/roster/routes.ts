import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/roster',
    name: 'roster',
    component: () => import('./RosterPage.vue'),
    meta: { nav: 'roster.nav', action: 'see_field' },
  },
]

export default routes

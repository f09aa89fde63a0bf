import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./DeskPage.vue'),
    meta: { nav: 'desk.nav', action: 'see_field' },
  },
]

export default routes

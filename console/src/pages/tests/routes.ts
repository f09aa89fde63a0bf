import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/tests',
    name: 'tests',
    component: () => import('./TestsPage.vue'),
    meta: { nav: 'tests.nav', action: 'manage_devices' },
  },
]

export default routes

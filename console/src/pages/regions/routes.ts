import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/regions',
    name: 'regions',
    component: () => import('./RegionsPage.vue'),
    meta: { nav: 'regions.nav', order: 8.1, action: 'manage_users' },
  },
]

export default routes

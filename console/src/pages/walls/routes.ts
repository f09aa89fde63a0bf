import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/walls',
    name: 'walls',
    component: () => import('./WallsPage.vue'),
    meta: { nav: 'walls.nav', action: 'manage_walls' },
  },
]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/drills',
    name: 'drills',
    component: () => import('./DrillsPage.vue'),
    meta: { nav: 'drills.nav', action: 'run_drills' },
  },
]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/lines', name: 'lines', component: () => import('./LinesPage.vue'), meta: { nav: 'lines.nav', action: 'manage_lines' } },
]

export default routes

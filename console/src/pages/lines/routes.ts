import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/lines', name: 'lines', component: () => import('./LinesPage.vue'), meta: { nav: 'lines.nav', action: 'manage_lines' } },
  { path: '/lines/now', name: 'lines-now', component: () => import('./NowPage.vue'), meta: { nav: 'linesnow.nav', action: 'listen_in' } },
]

export default routes

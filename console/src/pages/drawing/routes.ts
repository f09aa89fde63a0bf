import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/drawing',
    name: 'drawing',
    component: () => import('./DrawingPage.vue'),
    meta: { nav: 'drawing.nav', order: 4.8, action: 'draw_map' },
  },
]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/call-figures',
    name: 'call-figures',
    component: () => import('./CallFiguresPage.vue'),
    meta: { nav: 'callfigures.nav', action: 'see_figures' },
  },
]

export default routes

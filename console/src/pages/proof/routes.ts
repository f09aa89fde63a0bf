import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/proof',
    name: 'proof',
    component: () => import('./ProofPage.vue'),
    meta: { nav: 'proof.nav', action: 'prove' },
  },
]

export default routes

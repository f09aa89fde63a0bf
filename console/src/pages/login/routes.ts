import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./LoginPage.vue'), meta: { open: true } },
  { path: '/slip', name: 'slip', component: () => import('./LoginPage.vue'), meta: { open: true } },
]

export default routes

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/hotline',
    name: 'hotline',
    component: () => import('./HotlinePage.vue'),
    meta: { nav: 'filing.nav', action: 'answer_calls' },
  },
  {
    path: '/filing',
    name: 'filing',
    component: () => import('./WordsPage.vue'),
    meta: { nav: 'filing.words.nav', action: 'manage_lines' },
  },
]

export default routes

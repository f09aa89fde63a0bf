/** Entry of the demo page. */
import { createApp } from 'vue'

import '@/theme/tokens.css'
import '@/theme/base.css'
import DemoApp from '@/demo/DemoApp.vue'
import { currentLanguage, i18n, setLanguage } from '@/i18n'

setLanguage(currentLanguage())
createApp(DemoApp).use(i18n).mount('#app')

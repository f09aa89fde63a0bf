/** Entry of the demo page. */
import { createApp } from 'vue'

import '@/ui/tokens.css'
import '@/ui/base.css'
import DemoApp from '@/demo/DemoApp.vue'
import { currentLanguage, i18n, setLanguage } from '@/words'

setLanguage(currentLanguage())
createApp(DemoApp).use(i18n).mount('#app')

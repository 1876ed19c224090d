// Runs the bundled page in Chromium: node browser.js '<settings>' <bundle>
// Nothing is listened on: the driver answers the page's requests itself. The headers give the page a
// clock of microseconds; without them its steps are twenty times as wide.
import { chromium } from 'playwright-core'
import { show } from './show.js'

const [settings, bundle] = process.argv.slice(2)
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
try {
  const page = await browser.newPage()
  await page.route('https://bench.test/', (route) => {
    return route.fulfill({ headers, contentType: 'text/html', body: '<script type="module" src="/page.js"></script>' })
  })
  await page.route('https://bench.test/page.js', (route) => route.fulfill({ headers, path: `${bundle}/page.js` }))
  page.on('console', (message) => message.text().startsWith('{') && show(JSON.parse(message.text())))
  show({ table: 'runtime', version: browser.version() })
  await page.goto('https://bench.test/')
  await page.waitForFunction('globalThis.bench')
  await page.evaluate((settings) => globalThis.bench(settings), JSON.parse(settings))
} finally {
  await browser.close()
}

// Opens a page in a real browser and gives what it made of the suite. The two drivers are called alike.
const drivers = {
  async chromium() {
    const { chromium } = await import('playwright-core')
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
    return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', ...quiet] })
  },
  async firefox() {
    const { launch } = await import('puppeteer-core')
    return launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true })
  },
}

export async function outcomeOf(browser, url) {
  const driver = await drivers[browser]()
  try {
    const page = await driver.newPage()
    await page.goto(url)
    await page.waitForFunction('globalThis.outcome')
    const { text, error } = await page.evaluate('globalThis.outcome')
    if (error) throw new Error(error)
    return text
  } finally {
    await driver.close()
  }
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

// Drops an image and writes what the page shows as JSON: node drop-image.mjs address base64.

import { launch } from './chromium.mjs';
import { drop } from './site.mjs';

const [address, base64] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const complaints = [];
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', error => complaints.push(String(error)));
  await page.goto(address);
  const zone = page.locator('.view:not([hidden]) .drop');
  await zone.waitFor();
  await drop(page, zone, [{ name: 'image.png', base64 }]);
  const answer = page.locator('section.prediction');
  await answer.waitFor();
  const neighbors = page.locator('.neighbor');
  await neighbors.first().waitFor();
  console.log(JSON.stringify({
    label: (await answer.locator('.verdict-label').innerText()).trim(),
    neighborCount: await neighbors.count(),
    complaints: complaints.join('; '),
  }));
} finally {
  await browser.close();
}

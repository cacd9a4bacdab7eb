// Licensed under the MIT License. See LICENSE in the project root for license information.

// Says how long the page's own work takes a frame while a large map is moved: node measure.mjs [entries] [bundle].

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { mapReady } from './site.mjs';
import { address, makeMemory, serve } from './synthetic.mjs';

const count = Number(process.argv[2] ?? 100_000);
const folder = process.argv[3] ?? join(dirname(fileURLToPath(import.meta.url)), '../../../artifacts/inspector');
const steps = 120;

// every callback of a frame is timed, those of the libraries included
function timeFrames() {
  const request = window.requestAnimationFrame.bind(window);
  const frames = window.frames_ = { script: [], at: -1 };
  window.requestAnimationFrame = act => request(now => {
    const since = performance.now();
    act(now);
    const spent = performance.now() - since;
    if (frames.at === now) frames.script[frames.script.length - 1] += spent;
    else frames.script.push(spent);
    frames.at = now;
  });
}

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript(timeFrames);
await serve(page, makeMemory(count), folder);
const since = Date.now();
await page.goto(address);
await mapReady(page);
await page.waitForFunction(() => window.frames_.script.length > 0);
console.log(`${count.toLocaleString('en')} entries: shown after ${Date.now() - since} ms`);

const box = await page.locator('canvas.map-surface').boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
await report('hover', async step => page.mouse.move(x + 200 * Math.cos(step / 9), y + 200 * Math.sin(step / 9)));
await page.mouse.move(x, y);
await report('zoom by wheel', async step => page.mouse.wheel(0, step % 60 < 30 ? -40 : 40));
await page.mouse.down();
await report('pan', async step => page.mouse.move(x + 120 * Math.sin(step / 9), y + 80 * Math.cos(step / 7)));
await page.mouse.up();
for (const key of ['+', '+', '+', '+']) await page.locator('canvas.map-surface').press(key);
await page.mouse.down();
await report('pan, zoomed in', async step => page.mouse.move(x + 90 * Math.sin(step / 9), y + 60 * Math.cos(step / 7)));
await page.mouse.up();
await page.locator('canvas.map-surface').press('0');
await report('change of the view', async step => {
  if (step === 0) await page.getByRole('button', { name: 'PCA' }).click();
  await page.evaluate(() => new Promise(done => requestAnimationFrame(done)));
}, 40);
await browser.close();

async function report(name, move, most = steps) {
  await page.evaluate(() => { window.frames_.script.length = 0; });
  const began = Date.now();
  for (let step = 0; step < most; step++) await move(step);
  const seconds = (Date.now() - began) / 1000;
  const script = (await page.evaluate(() => window.frames_.script)).sort((a, b) => a - b);
  const at = part => (script[Math.min(script.length - 1, Math.floor(part * script.length))] ?? 0).toFixed(1);
  console.log(`${name}: ${script.length} frames in ${seconds.toFixed(1)} s, script a frame: median ${at(0.5)} ms, `
    + `p95 ${at(0.95)} ms, most ${at(1)} ms`);
}

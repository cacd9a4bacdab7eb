// Licensed under the MIT License. See LICENSE in the project root for license information.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { grayPng } from './png.mjs';

export const side = 28;

/** The server and the browser that scenarios run against. */
export class Site {
  /** What pages complained of, and where they asked for something. */
  complaints = [];
  hosts = new Set();
  contexts = [];

  constructor(browser, plan) {
    this.browser = browser;
    this.plan = plan;
  }

  /** Opens the page as somebody new would see it, with the key unless told otherwise. */
  async open(options = {}) {
    const { address = `${this.plan.url}/inspector/#key=${encodeURIComponent(this.plan.key)}`, ...rest } = options;
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', colorScheme: 'light', ...rest });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('console', message => {
      // a refused key is what one scenario is about
      const isRefusal = message.text().includes('401') && message.location().url.includes('/v1/inspect');
      if (['error', 'warning'].includes(message.type()) && !isRefusal && !this.isOfOneTakenAway(message))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', error => this.complaints.push(String(error)));
    page.on('request', request => {
      if (!request.url().startsWith('blob:')) this.hosts.add(new URL(request.url()).host);
    });
    await page.goto(address);
    return page;
  }

  /** Says whether a picture is missing of an entry that a scenario added, and took away before it was fetched. */
  isOfOneTakenAway(message) {
    const id = /\/v1\/inspect\/entries\/(\d+)\/picture$/.exec(message.location().url)?.[1];
    return message.text().includes('404') && Number(id) >= this.plan.entryCount;
  }

  async closeAll() {
    for (const context of this.contexts.splice(0)) await context.close();
  }

  /** Asks the server itself, past the page. */
  async api(method, path, body) {
    const response = await fetch(`${this.plan.url}${path}`, {
      method, headers: { Authorization: `Bearer ${this.plan.key}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, json: text ? JSON.parse(text) : null };
  }

  async get(path) {
    const { status, json } = await this.api('GET', path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(json)}`);
    return json;
  }

  async keep(page, name) {
    await page.screenshot({ path: join(this.plan.screenshots, `${name}.png`) });
  }
}

export const tab = (page, name) => page.getByRole('tab', { name });

/** Lets a file fall onto a place to drop files. */
export async function drop(page, zone, files) {
  const transfer = await page.evaluateHandle(given => {
    const made = new DataTransfer();
    for (const file of given) {
      const bytes = Uint8Array.from(atob(file.base64), each => each.charCodeAt(0));
      made.items.add(new File([bytes], file.name, { type: 'image/png' }));
    }
    return made;
  }, files);
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

export const pictureOf = (pixels, name = 'picture.png') => ({
  name, base64: grayPng(side, side, Uint8Array.from(pixels)).toString('base64') });

/** Sums up the pixels of the map, and how many of them are not ground. */
export const look = page => page.evaluate(async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = document.querySelector('canvas.map-layer');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  let [sum, drawn] = [0, 0];
  for (const pixel of pixels) {
    sum = (Math.imul(sum, 31) + pixel) | 0;
    if (pixel !== pixels[0]) drawn++;
  }
  return { sum, drawn, ground: [data[0], data[1], data[2]], width: canvas.width };
});

/** Waits until the map is drawn. */
export const mapReady = page => page.getByRole('application', { name: 'Map of the memory' }).waitFor();

/** Gives where the entries lie on the page, by the server's places and what the map promises of its scale. */
export async function placesOn(page, places, zoom = 1) {
  const box = await page.locator('canvas.map-surface').boundingBox();
  const range = values => [Math.min(...values), Math.max(...values)];
  const [[left, right], [low, high]] = [range(places.x), range(places.y)];
  const scale = zoom * Math.min((box.width - 56) / (right - left), (box.height - 56) / (high - low));
  return places.x.map((x, row) => ({
    x: box.x + box.width / 2 + scale * (x - (left + right) / 2),
    y: box.y + box.height / 2 - scale * (places.y[row] - (low + high) / 2),
  }));
}

/** Gives the rows in the order of how far they are from all others, loneliest first. */
export function byLoneliness(places) {
  const gap = row => Math.min(...places.x.map((x, other) =>
    other === row ? Infinity : Math.hypot(x - places.x[row], places.y[other] - places.y[row])));
  return places.x.map((_, row) => ({ row, gap: gap(row) })).sort((a, b) => b.gap - a.gap).map(each => each.row);
}

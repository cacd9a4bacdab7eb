// Licensed under the MIT License. See LICENSE in the project root for license information.

// A server of a few made-up entries that does what a scenario wants of it, such as to refuse or to be another one.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grayPng } from './png.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../artifacts/inspector');
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const side = 8;

export class Tiny {
  version = 'a1';
  sequence = 1;
  state = 'ready';
  entries = new Map();
  asked = [];
  /** What a request is answered instead: [status, sentence], or null. */
  refuse = () => null;

  constructor(labels, more = {}) {
    labels.forEach((label, id) => this.entries.set(id, { label, features: Array(side * side).fill(255 - id % 200) }));
    this.more = more;
    this.result = this.analysed();
  }

  /** Opens the page on this server. */
  async open(site, options = {}) {
    const { base = '/', hash = '#key=tiny', ...rest } = options;
    const context = await site.browser.newContext({
      viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...rest });
    site.contexts.push(context);
    const page = await context.newPage();
    this.failures = [];
    page.on('pageerror', error => this.failures.push(String(error)));
    await page.route('**/*', route => this.serve(route, base));
    await page.goto(`http://tiny.test${base}inspector/${hash}`);
    return page;
  }

  classes() {
    return [...new Set([...this.entries.values()].map(each => each.label))];
  }

  analysed() {
    const ids = [...this.entries.keys()];
    const classes = this.classes();
    const labels = ids.map(id => classes.indexOf(this.entries.get(id).label));
    const each = valueOf => ids.map(valueOf);
    return {
      sequence: this.sequence, neighborCount: 15, classes, ids, labels,
      predicted: each((_, row) => (labels[row] + 1) % classes.length), ownScore: each(() => 0.1),
      confidence: each(() => 0.9), wrong: each(() => 4), correct: each(() => 0),
      twin: each((_, row) => ids[ids.findIndex((_, other) => other !== row && labels[other] === labels[row])] ?? null),
      twinDistance: each((_, row) => row + 1),
      principal: { x: each(row => Math.cos(row)), y: each(row => Math.sin(row)), variance: [0.5, 0.5] },
      map: { x: each((_, row) => row), y: each((_, row) => row % 3) }, calibration: null, ...this.more.result,
    };
  }

  explain(id) {
    const neighbors = [...this.entries].filter(([other]) => other !== id).slice(0, 5)
      .map(([other, { label }]) => ({ id: other, label, distance: 0.1, share: 0.2 }));
    const label = neighbors[0]?.label ?? null;
    return { label, scores: label === null ? [] : [{ class: label, score: 1 }], neighbors };
  }

  answers = {
    'GET inspect': () => ({
      version: this.version, sequence: this.sequence, kind: 'visual memory', isWritable: true,
      entryCount: this.entries.size, dimension: side * side, metric: 'cosine', input: 'pixels',
      inputColumn: 'Features', exampleColumns: { label: 'Label' },
      picture: { width: side, height: side, channels: 1, low: 0, high: 255 },
      classes: this.classes().map(name => ({
        name, count: [...this.entries.values()].filter(each => each.label === name).length })), ...this.more.inspect }),
    'GET inspect/entries': () => ({
      sequence: this.sequence, classes: this.classes(), ids: [...this.entries.keys()],
      labels: [...this.entries.values()].map(each => this.classes().indexOf(each.label)) }),
    'GET inspect/analysis': () => ({ state: this.state, sequence: this.result.sequence }),
    'POST inspect/analysis': () => {
      this.result = this.analysed();
      return { state: this.state = 'ready', sequence: this.sequence };
    },
    'GET inspect/analysis/result': () => this.result,
    'GET inspect/trend': () => ({ bucketSeconds: 60, reference: null, buckets: [] }),
    'POST explain': () => this.explain(null),
    'POST examples': body => {
      const id = Math.max(-1, ...this.entries.keys()) + 1;
      this.change(() => this.entries.set(id, { label: body.rows[0].Label, features: body.rows[0].Features }));
      return { ids: [id], entryCount: this.entries.size };
    },
  };

  change(act) {
    act();
    this.sequence++;
    return {};
  }

  ofEntry(method, id, part, body) {
    const entry = this.entries.get(id);
    if (method === 'PUT' && !part) {
      return entry ? [409, `Id ${id} must be free. It is taken.`] : this.change(() => this.entries.set(id, body));
    }
    if (!entry) return [404, 'The entry must be stored. It is not.'];
    if (part === '/label') return this.change(() => { entry.label = body.label; }) && { id };
    if (method === 'DELETE') return this.change(() => this.entries.delete(id));
    return { id, weight: 1, explanation: this.explain(id), ...entry };
  }

  async serve(route, base) {
    const request = route.request();
    const path = new URL(request.url()).pathname;
    if (path.startsWith(`${base}inspector/`)) {
      const name = path.slice(`${base}inspector/`.length) || 'index.html';
      await route.fulfill({ body: readFileSync(join(folder, name)), contentType: types[name.split('.').pop()] });
      return;
    }
    const what = path.startsWith(`${base}v1/`) ? path.slice(base.length + 3) : path;
    const call = `${request.method()} ${what}`;
    this.asked.push(call);
    await this.wait?.(call);
    const body = request.postDataJSON?.() ?? null;
    const entry = /^(?:inspect\/entries|examples)\/(-?\d+)(\/\w+)?$/.exec(what);
    if (entry?.[2] === '/picture') {
      const level = this.entries.get(Number(entry[1]))?.features[0] ?? 0;
      const pixels = new Uint8Array(side * side).fill(level);
      await route.fulfill({ body: grayPng(side, side, pixels), contentType: 'image/png' });
      return;
    }
    const answer = this.refuse(call, request)
      ?? (entry ? this.ofEntry(request.method(), Number(entry[1]), entry[2], body)
        : this.answers[call]?.(body) ?? [404, 'The path must be known. It is not.']);
    if (Array.isArray(answer)) {
      await route.fulfill({ status: answer[0], contentType: 'application/problem+json',
        json: { title: 'Refused', status: answer[0], detail: answer[1] } });
    } else await route.fulfill({ json: answer });
  }
}

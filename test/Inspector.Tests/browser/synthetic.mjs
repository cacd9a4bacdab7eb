// Licensed under the MIT License. See LICENSE in the project root for license information.

// A memory that is made up in the browser's routes: as large as one likes, and without a server.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grayPng } from './png.mjs';

export const address = 'http://inspector.test/inspector/#key=synthetic';

const side = 28;
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'";
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** Numbers that look random, the same ones every time. */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

function gaussian(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function makeMemory(count, classCount = 10) {
  const random = randomOf(7);
  const classes = Array.from({ length: classCount }, (_, index) => String(index));
  const ids = Array.from({ length: count }, (_, index) => index);
  const labels = ids.map(id => id % classCount);
  const seen = labels.map(label => random() < 0.03 ? Math.floor(random() * classCount) : label);
  const plane = spread => {
    const centers = classes.map((_, index) => [
      Math.cos(index * 2.4) * Math.sqrt(index + 1), Math.sin(index * 2.4) * Math.sqrt(index + 1)]);
    const bend = classes.map(() => random() * 3);
    const places = seen.map(label => {
      const [along, aside] = [gaussian(random), gaussian(random) * 0.35];
      const angle = bend[label] + along * 0.4;
      return [centers[label][0] + spread * (along * Math.cos(angle) - aside * Math.sin(angle)),
        centers[label][1] + spread * (along * Math.sin(angle) + aside * Math.cos(angle))];
    });
    return { x: places.map(each => each[0]), y: places.map(each => each[1]) };
  };
  const predicted = seen;
  const ownScore = labels.map((label, row) => label === predicted[row] ? 0.6 + 0.4 * random() : 0.3 * random());
  const wrong = labels.map((label, row) => label === predicted[row] ? Math.floor(random() * 2) : 3);
  const result = {
    sequence: 1, neighborCount: 15, classes, ids, labels, predicted, ownScore,
    confidence: ownScore.map((own, row) => labels[row] === predicted[row] ? own : 1 - own),
    wrong, correct: wrong.map(each => each > 2 ? 1 : 8),
    twin: ids.map(id => id + classCount < count ? id + classCount : null),
    twinDistance: ids.map(id => id + classCount < count ? 0.01 + random() : null),
    principal: { ...plane(1.1), variance: [0.21, 0.12] }, map: plane(0.42),
    calibration: {
      bins: Array.from({ length: 10 }, (_, bin) => ({
        count: Math.round(count * 0.01 * (1 + bin * bin)), confidence: (bin + 0.5) / 10,
        accuracy: Math.min(1, (bin + 0.5) / 10 + 0.06 * Math.sin(bin)) })),
      error: 0.034, accuracy: 0.962 },
  };
  return { count, classes, labels, result, strokes: classes.map(() => Array.from({ length: 5 }, () =>
    [4 + random() * 20, 4 + random() * 20])) };
}

/** Draws a class's sign, a little otherwise for each entry. */
export function drawPixels(memory, id) {
  const random = randomOf(id + 1);
  const points = memory.strokes[memory.result.predicted[id]].map(([x, y]) => [x + random() * 3, y + random() * 3]);
  const pixels = new Uint8Array(side * side);
  for (let at = 0; at < pixels.length; at++) {
    let nearest = Infinity;
    for (let index = 1; index < points.length; index++) {
      const [[x1, y1], [x2, y2]] = [points[index - 1], points[index]];
      const [dx, dy, x, y] = [x2 - x1, y2 - y1, at % side - x1, Math.floor(at / side) - y1];
      const along = Math.min(1, Math.max(0, (x * dx + y * dy) / (dx * dx + dy * dy)));
      nearest = Math.min(nearest, Math.hypot(x - along * dx, y - along * dy));
    }
    pixels[at] = 255 * Math.min(1, Math.max(0, 2.2 - nearest));
  }
  return pixels;
}

function explain(memory, id) {
  const label = memory.labels[id];
  const neighbors = Array.from({ length: 10 }, (_, rank) => ({
    id: (id + (rank + 1) * memory.classes.length) % memory.count,
    label: memory.classes[rank === 4 ? (label + 1) % memory.classes.length : label],
    distance: 0.05 + 0.01 * rank, share: 0.19 - 0.02 * rank }));
  return {
    label: memory.classes[label], neighbors,
    scores: [{ class: memory.classes[label], score: 0.89 },
      { class: memory.classes[(label + 1) % memory.classes.length], score: 0.11 }] };
}

const answers = {
  '/v1/inspect': memory => ({
    version: '4f1c9be2a0d7', sequence: 1, kind: 'visual memory', isWritable: true, entryCount: memory.count,
    dimension: side * side, metric: 'cosine', input: 'pixels', inputColumn: 'Features',
    classes: memory.classes.map((name, index) => ({
      name, count: memory.labels.reduce((sum, label) => sum + (label === index ? 1 : 0), 0) })),
    picture: { width: side, height: side, channels: 1, low: 0, high: 255 },
    exampleColumns: { label: 'Label', id: 'Id' } }),
  '/v1/inspect/entries': memory => ({
    sequence: 1, classes: memory.classes, ids: memory.result.ids, labels: memory.labels }),
  '/v1/inspect/analysis': memory => ({ state: 'ready', progress: 1, sequence: 1, entryCount: memory.count }),
  '/v1/inspect/analysis/result': memory => memory.result,
  '/v1/inspect/trend': memory => ({
    bucketSeconds: 60, reference: { confidence: 0.93 },
    buckets: Array.from({ length: 40 }, (_, index) => ({
      at: new Date(Date.UTC(2026, 0, 5, 9, index)).toISOString(), count: 100 + index,
      confidence: 0.94 - 0.004 * index + 0.02 * Math.sin(index), unknown: Math.floor(index / 8), feedback: 5,
      right: index % 3 === 0 ? 4 : 5,
      classes: memory.classes.map((name, each) => ({ class: name, count: 10 + (each === 3 ? index : 0) })) })) }),
  '/v1/explain': memory => explain(memory, 3),
};

/** Answers every request of a page from a made-up memory and the bundled files. */
export async function serve(page, memory, folder) {
  await page.route('**/*', async route => {
    const path = new URL(route.request().url()).pathname;
    const entry = /^\/v1\/inspect\/entries\/(\d+)(\/picture)?$/.exec(path);
    if (path.startsWith('/inspector/')) {
      const name = path.slice('/inspector/'.length) || 'index.html';
      await route.fulfill({
        body: readFileSync(join(folder, name)), contentType: types[name.split('.').pop()],
        headers: { 'Content-Security-Policy': policy } });
    } else if (entry?.[2]) {
      await route.fulfill({
        body: grayPng(side, side, drawPixels(memory, Number(entry[1]))), contentType: 'image/png' });
    } else if (entry) {
      const id = Number(entry[1]);
      await route.fulfill({ json: {
        id, label: memory.classes[memory.labels[id]], weight: 1, features: [...drawPixels(memory, id)],
        explanation: explain(memory, id) } });
    } else if (answers[path]) {
      await route.fulfill({ json: answers[path](memory) });
    } else {
      await route.fulfill({ status: 404, json: { title: 'Not Found', status: 404, detail: 'No such path.' } });
    }
  });
}

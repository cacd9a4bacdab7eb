// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { Atlas } from '../atlas';
import type { Explanation, Places } from '../contract';

export type MapView = 'principal' | 'map';

/** Places of the entries in a box of side 1, in its middle, y downwards, and how much of it they span. */
export interface Layout { x: Float32Array; y: Float32Array; spanX: number; spanY: number }

export interface ClassCenter { index: number; x: number; y: number; count: number }

export const placesOf = (atlas: Atlas, view: MapView): Places =>
  view === 'map' && atlas.map ? atlas.map : atlas.principal;

/** Scales places into the unit box, the same in both directions. */
export function layOut(places: Places): Layout {
  const [left, right] = range(places.x);
  const [low, high] = range(places.y);
  const size = Math.max(right - left, high - low) || 1;
  const x = new Float32Array(places.x.length);
  const y = new Float32Array(places.y.length);
  for (let row = 0; row < x.length; row++) {
    x[row] = 0.5 + (places.x[row] - (left + right) / 2) / size;
    y[row] = 0.5 - (places.y[row] - (low + high) / 2) / size;
  }
  return { x, y, spanX: (right - left) / size || 1, spanY: (high - low) / size || 1 };
}

function range(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return values.length === 0 ? [0, 1] : [least, most];
}

/** Finds where each class is densest: the middle of its points may well lie in another class. */
export function centersOf(atlas: Atlas, layout: Layout, classCount: number): ClassCenter[] {
  const side = 20;
  const cells = Array.from({ length: classCount }, () => new Uint32Array(side * side));
  const counts = new Uint32Array(classCount);
  const cellOf = (row: number): number =>
    Math.min(side - 1, Math.floor(layout.y[row] * side)) * side + Math.min(side - 1, Math.floor(layout.x[row] * side));
  for (let row = 0; row < atlas.count; row++) {
    if (atlas.gone[row]) continue;
    cells[atlas.labels[row]][cellOf(row)]++;
    counts[atlas.labels[row]]++;
  }
  const peaks = cells.map(each => densest(each, side));
  const sums = peaks.map(() => ({ x: 0, y: 0, count: 0 }));
  for (let row = 0; row < atlas.count; row++) {
    if (atlas.gone[row]) continue;
    const [cell, peak] = [cellOf(row), peaks[atlas.labels[row]]];
    const isNear = Math.abs(cell % side - peak % side) <= 1
      && Math.abs(Math.floor(cell / side) - Math.floor(peak / side)) <= 1;
    if (!isNear) continue;
    const sum = sums[atlas.labels[row]];
    sum.x += layout.x[row];
    sum.y += layout.y[row];
    sum.count++;
  }
  return sums
    .map((sum, index) => ({ index, x: sum.x / sum.count, y: sum.y / sum.count, count: counts[index] }))
    .filter(center => center.count > 0)
    .sort((a, b) => b.count - a.count);
}

function densest(cells: Uint32Array, side: number): number {
  let [best, most] = [0, -1];
  for (let cell = 0; cell < cells.length; cell++) {
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [x, y] = [cell % side + dx, Math.floor(cell / side) + dy];
        if (x >= 0 && y >= 0 && x < side && y < side) sum += cells[y * side + x];
      }
    }
    if (sum > most) [best, most] = [cell, sum];
  }
  return best;
}

/** Gives where an asked picture lies: the mean of its neighbours' places, each by its share of the vote. */
export function placeOf(explanation: Explanation, atlas: Atlas, layout: Layout): { x: number; y: number } | null {
  let [x, y, total] = [0, 0, 0];
  for (const neighbor of explanation.neighbors) {
    const row = atlas.rowOf.get(neighbor.id);
    if (row === undefined) continue;
    x += neighbor.share * layout.x[row];
    y += neighbor.share * layout.y[row];
    total += neighbor.share;
  }
  return total > 0 ? { x: x / total, y: y / total } : null;
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { Atlas } from '../atlas';
import { cornersOf, shapeOf } from '../palette';
import { want } from '../pictures';
import type { Layout } from './layout';
import type { Point } from './overlay';
import type { Camera, Looks } from './painter';

/** An entry near enough to be shown as its picture. */
export interface Near extends Point { id: number; label: number; color: string; isWrong: boolean }

interface Loaded { image: HTMLImageElement; isReady: boolean; stop: () => void }

interface Sight {
  atlas: Atlas;
  layout: Layout;
  looks: Looks;
  colors: readonly string[];
  camera: Camera;
  width: number;
  height: number;
}

const mark = 5;
const mostPictures = 90;

/** Few pictures may be large. */
export const pictureSide = (count: number): number => count > 45 ? 28 : count > 15 ? 40 : 56;

/** Gives the entries to show as pictures: all in sight, where they are few enough to be told apart, wrong ones last. */
export function nearIn({ atlas, layout, looks, colors, camera, width, height }: Sight): Near[] {
  const found: Near[] = [];
  for (let row = 0; row < looks.length; row++) {
    if (looks[row] < 2) continue;
    const x = layout.x[row] * camera.scale + camera.x;
    const y = layout.y[row] * camera.scale + camera.y;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    if (found.length === mostPictures) return [];
    const label = atlas.labels[row];
    found.push({ x, y, id: atlas.ids[row], label, color: colors[label], isWrong: looks[row] > 3 });
  }
  return found.sort((a, b) => Number(a.isWrong) - Number(b.isWrong));
}

/** Pictures of the few entries that are in sight when the map is zoomed in. */
export class Thumbnails {
  private readonly loaded = new Map<number, Loaded>();

  constructor(private readonly changed: () => void) {}

  /** Draws those pictures that are there, asks for the others and lets go of what is out of sight. */
  draw(context: CanvasRenderingContext2D, entries: readonly Near[], side: number, ground: string): void {
    const wanted = new Set(entries.map(each => each.id));
    for (const [id, each] of this.loaded) {
      if (wanted.has(id)) continue;
      each.stop();
      this.loaded.delete(id);
    }
    for (const entry of entries) {
      const known = this.loaded.get(entry.id) ?? this.load(entry.id);
      if (known.isReady) drawOne(context, entry, known.image, side, ground);
    }
  }

  close(): void {
    for (const each of this.loaded.values()) each.stop();
    this.loaded.clear();
  }

  private load(id: number): Loaded {
    const made: Loaded = { image: new Image(), isReady: false, stop: () => {} };
    this.loaded.set(id, made);
    made.image.onload = () => {
      made.isReady = true;
      this.changed();
    };
    made.stop = want(id, url => { if (url) made.image.src = url; });
    return made;
  }
}

function drawOne(context: CanvasRenderingContext2D, entry: Near, image: HTMLImageElement, side: number,
    ground: string): void {
  const [left, top] = [entry.x - side / 2, entry.y - side / 2];
  const { width, height } = image;
  const scale = side / Math.max(width, height, 1);
  context.imageSmoothingEnabled = scale < 1;
  context.fillStyle = ground;
  context.fillRect(left - 3.5, top - 3.5, side + 7, side + 7);
  context.drawImage(image, entry.x - width * scale / 2, entry.y - height * scale / 2, width * scale, height * scale);
  context.strokeStyle = entry.color;
  context.lineWidth = 2;
  context.strokeRect(left - 1, top - 1, side + 2, side + 2);
  drawMark(context, { ...entry, x: left, y: top }, ground);
}

function drawMark(context: CanvasRenderingContext2D, at: Near, ground: string): void {
  const corners = cornersOf(shapeOf(at.label));
  context.beginPath();
  context.arc(at.x, at.y, mark + 3, 0, 2 * Math.PI);
  context.fillStyle = ground;
  context.fill();
  context.beginPath();
  if (at.isWrong) {
    for (const side of [-1, 1]) {
      context.moveTo(at.x - mark, at.y - side * mark);
      context.lineTo(at.x + mark, at.y + side * mark);
    }
    context.strokeStyle = at.color;
    context.lineWidth = 2.5;
    context.stroke();
    return;
  }
  if (corners.length === 0) context.arc(at.x, at.y, mark, 0, 2 * Math.PI);
  else corners.forEach(([x, y]) => context.lineTo(at.x + mark * x, at.y + mark * y));
  context.closePath();
  context.fillStyle = at.color;
  context.fill();
}

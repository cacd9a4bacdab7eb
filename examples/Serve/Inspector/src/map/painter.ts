// Licensed under the MIT License. See LICENSE in the project root for license information.

import { isUnreliable, isWrong, type Atlas } from '../atlas';
import { packed, shapeOf } from '../palette';
import type { Layout } from './layout';
import { Raster } from './raster';
import { stampsOf, type StampSet } from './stamps';

/** From the unit box to pixels of the canvas. */
export interface Camera { scale: number; x: number; y: number }

export interface Scene {
  atlas: Atlas;
  layout: Layout;
  camera: Camera;
  /** Radius of a point in pixels of the canvas. */
  radius: number;
  colors: readonly string[];
  ground: string;
  ink: string;
  faint: string;
  shown: ReadonlySet<number> | null;
}

/** How a row is drawn: 0 not at all, 1 faint, 2 plain, 3 with a ring, 4 with a cross, 5 with both. */
export type Looks = Uint8Array;

/** Decides how every row is drawn. */
export function looksOf(atlas: Atlas, shown: ReadonlySet<number> | null): Looks {
  const looks = new Uint8Array(atlas.count);
  for (let row = 0; row < atlas.count; row++) {
    if (atlas.gone[row]) continue;
    looks[row] = shown && !shown.has(atlas.labels[row]) ? 1
      : 2 + (isUnreliable(atlas, row) ? 1 : 0) + (isWrong(atlas, row) ? 2 : 0);
  }
  return looks;
}

/** Paints the points: faint ones first, those to look at last. */
export class Painter {
  private stamps: StampSet | null = null;
  private radius = -1;

  constructor(private readonly raster: Raster) {}

  paint(scene: Scene, looks: Looks): void {
    const { raster } = this;
    if (this.radius !== scene.radius || !this.stamps) {
      this.stamps = stampsOf(scene.radius);
      this.radius = scene.radius;
      raster.forget();
    }
    raster.fill(packed(scene.ground));
    const isFiltered = scene.shown !== null;
    if (isFiltered) this.pass(scene, looks, this.stamps, 1, 1);
    this.pass(scene, looks, this.stamps, 2, 2);
    this.pass(scene, looks, this.stamps, 3, 5);
    raster.show();
  }

  private pass(scene: Scene, looks: Looks, stamps: StampSet, least: number, most: number): void {
    const { layout: { x, y }, camera, atlas: { labels } } = scene;
    const { width, height } = this.raster;
    const colors = scene.colors.map(packed);
    const shapes = scene.colors.map((_, index) => stamps.shapes[shapeOf(index)]);
    const margin = stamps.ringGround.reach;
    const faint = packed(scene.faint);
    for (let row = 0; row < looks.length; row++) {
      const look = looks[row];
      if (look < least || look > most) continue;
      const px = (x[row] * camera.scale + camera.x) | 0;
      const py = (y[row] * camera.scale + camera.y) | 0;
      if (px < -margin || py < -margin || px > width + margin || py > height + margin) continue;
      const label = labels[row];
      if (look >= 3) this.mark(scene, stamps, look, px, py, colors[label], shapes[label]);
      else this.raster.put(shapes[label], px, py, look === 1 ? faint : colors[label]);
    }
  }

  private mark(scene: Scene, stamps: StampSet, look: number, x: number, y: number, color: number,
      shape: StampSet['cross']): void {
    const ground = packed(scene.ground);
    const isCrossed = look >= 4;
    if (look === 3 || look === 5) {
      this.raster.put(stamps.ringGround, x, y, ground);
      this.raster.put(stamps.ring, x, y, packed(scene.ink));
    }
    if (isCrossed) {
      this.raster.put(stamps.crossGround, x, y, ground);
      this.raster.put(stamps.cross, x, y, color);
    } else {
      this.raster.put(shape, x, y, color);
    }
  }
}

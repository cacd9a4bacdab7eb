// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { Stamp } from './stamps';

/**
 * The pixels of the map's canvas. Points are written straight into them: 100,000 calls of a drawing function are far
 * too slow for a frame where there is no graphics processor, a million plain writes are not.
 */
export class Raster {
  private image: ImageData;
  private pixels: Uint32Array;
  private stride = 0;
  private offsets = new Map<Stamp, Int32Array>();

  constructor(private readonly context: CanvasRenderingContext2D, public width: number, public height: number) {
    this.image = context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.stride = width;
  }

  resize(width: number, height: number): void {
    this.width = this.stride = width;
    this.height = height;
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.offsets.clear();
  }

  fill(color: number): void {
    this.pixels.fill(color);
  }

  /** Forgets the stamps of a former size. */
  forget(): void {
    this.offsets.clear();
  }

  /** Puts a stamp's middle at a pixel; one that would reach over the edge is cut there. */
  put(stamp: Stamp, x: number, y: number, color: number): void {
    const reach = stamp.reach;
    if (x < reach || y < reach || x >= this.width - reach || y >= this.height - reach) {
      this.putCut(stamp, x, y, color);
      return;
    }
    const offsets = this.offsetsOf(stamp);
    const { pixels } = this;
    const { cover } = stamp;
    const at = y * this.stride + x;
    const redBlue = color & 0xff00ff;
    const green = color & 0x00ff00;
    for (let index = 0; index < offsets.length; index++) {
      const place = at + offsets[index];
      const part = cover[index];
      if (part === 256) {
        pixels[place] = color;
        continue;
      }
      const below = pixels[place];
      const rest = 256 - part;
      const mixed = (((below & 0xff00ff) * rest + redBlue * part) >>> 8) & 0xff00ff
        | (((below & 0x00ff00) * rest + green * part) >>> 8) & 0x00ff00;
      pixels[place] = (0xff000000 | mixed) >>> 0;
    }
  }

  show(): void {
    this.context.putImageData(this.image, 0, 0);
  }

  private putCut(stamp: Stamp, x: number, y: number, color: number): void {
    for (let index = 0; index < stamp.dx.length; index++) {
      const [px, py] = [x + stamp.dx[index], y + stamp.dy[index]];
      if (px < 0 || py < 0 || px >= this.width || py >= this.height || stamp.cover[index] < 128) continue;
      this.pixels[py * this.stride + px] = color;
    }
  }

  private offsetsOf(stamp: Stamp): Int32Array {
    let known = this.offsets.get(stamp);
    if (!known) {
      known = Int32Array.from(stamp.dx, (dx, index) => stamp.dy[index] * this.stride + dx);
      this.offsets.set(stamp, known);
    }
    return known;
  }
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { select as selectNode } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomTransform } from 'd3-zoom';
import type { Atlas } from '../atlas';
import type { ClassCenter, Layout } from './layout';
import { drawOverlay, type Point } from './overlay';
import { looksOf, Painter, type Camera, type Looks } from './painter';
import { Raster } from './raster';
import { PointSearch } from './search';
import { nearIn, pictureSide, Thumbnails } from './thumbnails';

/** Everything that the map shows; a new object whenever something of it changed. */
export interface MapContent {
  atlas: Atlas;
  layout: Layout;
  centers: readonly ClassCenter[];
  names: readonly string[];
  colors: readonly string[];
  shown: ReadonlySet<number> | null;
  tones: { ground: string; ink: string; faint: string; accent: string; font: string };
  selected: number | null;
  asked: Point | null;
  threads: readonly { row: number; share: number }[];
  isStill: boolean;
}

export interface MapListener {
  hovered(row: number | null, at: Point): void;
  picked(row: number): void;
}

const padding = 28;
const moveMilliseconds = 650;
const pickPixels = 14;
const mostRatio = 2;
const leastZoomOfPictures = 2.5;

/** Draws the map and takes what hands and keys do to it. */
export class MapController {
  private readonly raster: Raster;
  private readonly painter: Painter;
  private readonly front: CanvasRenderingContext2D;
  private readonly behavior = zoom<HTMLCanvasElement, unknown>().scaleExtent([0.7, 400]);
  private readonly observer: ResizeObserver;
  private ratio = 1;
  private size = { width: 1, height: 1 };
  private transform: ZoomTransform = zoomIdentity;
  private content: MapContent | null = null;
  private looks: Looks = new Uint8Array(0);
  private search: PointSearch | null = null;
  private current: Layout | null = null;
  private move: { from: Layout; since: number } | null = null;
  private hover: number | null = null;
  private frame = 0;
  private pick = pickPixels;
  private readonly thumbnails = new Thumbnails(() => this.request());

  constructor(back: HTMLCanvasElement, private readonly surface: HTMLCanvasElement,
      private readonly listener: MapListener) {
    const context = back.getContext('2d', { alpha: false, willReadFrequently: true });
    const front = surface.getContext('2d');
    if (!context || !front) throw new Error('The browser must be able to draw. It is not.');
    this.front = front;
    this.raster = new Raster(context, 1, 1);
    this.painter = new Painter(this.raster);
    this.behavior.on('zoom', (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      this.transform = event.transform;
      this.setHover(null, { x: 0, y: 0 }); // what was below the pointer has moved
      this.request();
    });
    selectNode(surface).call(this.behavior);
    surface.addEventListener('pointermove', this.onMove);
    surface.addEventListener('pointerleave', this.onLeave);
    surface.addEventListener('click', this.onClick);
    this.observer = new ResizeObserver(() => this.resize(back));
    this.observer.observe(surface);
    this.resize(back);
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.thumbnails.close();
    selectNode(this.surface).on('.zoom', null);
    this.surface.removeEventListener('pointermove', this.onMove);
    this.surface.removeEventListener('pointerleave', this.onLeave);
    this.surface.removeEventListener('click', this.onClick);
  }

  show(content: MapContent): void {
    const before = this.content;
    this.content = content;
    this.behavior.duration(content.isStill ? 0 : 250);
    this.looks = looksOf(content.atlas, content.shown);
    this.search = new PointSearch(content.layout, this.looks);
    if (this.hover !== null && (before?.atlas !== content.atlas || this.looks[this.hover] === 0)) {
      this.hover = null; // the row is that of another entry now, or of none
      this.listener.hovered(null, { x: 0, y: 0 });
    }
    if (before && before.layout !== content.layout && !content.isStill
        && before.layout.x.length === content.layout.x.length && this.current) {
      this.move = { from: copy(this.current), since: performance.now() };
    } else if (before?.layout !== content.layout) {
      this.move = null;
      this.current = copy(content.layout);
    }
    this.request();
  }

  zoomBy(factor: number): void {
    this.behavior.scaleBy(selectNode(this.surface), factor);
  }

  panBy(dx: number, dy: number): void {
    this.behavior.translateBy(selectNode(this.surface), dx / this.transform.k, dy / this.transform.k);
  }

  reset(): void {
    this.behavior.transform(selectNode(this.surface), zoomIdentity);
  }

  /** Moves the view so that a row can be seen. */
  reveal(row: number): void {
    const at = this.at(row);
    const margin = 40;
    if (!at || (at.x > margin && at.y > margin && at.x < this.size.width - margin
      && at.y < this.size.height - margin)) return;
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    this.panBy(middle.x - at.x, middle.y - at.y);
  }

  /** Gives the row beside the selected one, or the one in the middle where none is. */
  beside(row: number | null, dx: number, dy: number): number | null {
    if (!this.search) return null;
    if (row !== null) return this.search.beside(row, dx, dy);
    return this.nearest({ x: this.size.width / 2, y: this.size.height / 2 }, this.size.width);
  }

  /** Gives where a row is drawn, in pixels of the page from the map's corner. */
  at(row: number): Point | null {
    if (!this.current) return null;
    const camera = this.camera();
    return { x: this.current.x[row] * camera.scale + camera.x, y: this.current.y[row] * camera.scale + camera.y };
  }

  private resize(back: HTMLCanvasElement): void {
    const { clientWidth: width, clientHeight: height } = this.surface;
    if (width === 0 || height === 0) return;
    this.size = { width, height };
    this.ratio = Math.min(mostRatio, devicePixelRatio || 1); // on another screen it is another one
    for (const canvas of [back, this.surface]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.raster.resize(back.width, back.height);
    if (this.content) this.draw(performance.now()); // a canvas is empty after a change of its size: no blank frame
  }

  private request(): void {
    this.frame ||= requestAnimationFrame(now => {
      this.frame = 0;
      this.draw(now);
    });
  }

  private camera(): Camera {
    const { width, height } = this.size;
    const { spanX, spanY } = this.current ?? { spanX: 1, spanY: 1 };
    const scale = Math.max(1, Math.min((width - 2 * padding) / spanX, (height - 2 * padding) / spanY));
    const { k, x, y } = this.transform;
    return { scale: scale * k, x: (width - scale) / 2 * k + x, y: (height - scale) / 2 * k + y };
  }

  private radius(count: number): number {
    const room = Math.sqrt(this.size.width * this.size.height / Math.max(1, count)) * 0.2;
    const base = Math.min(4, Math.max(1.1, room));
    return Math.min(8, base * Math.max(0.8, this.transform.k) ** 0.4);
  }

  private draw(now: number): void {
    const { content, current } = this;
    if (!content || !current) return;
    if (this.move) this.step(now, content, current);
    const camera = this.camera();
    const radius = this.radius(content.atlas.count);
    const { ratio } = this;
    this.painter.paint({
      atlas: content.atlas,
      layout: current,
      camera: { scale: camera.scale * ratio, x: camera.x * ratio, y: camera.y * ratio },
      radius: Math.round(radius * ratio * 4) / 4,
      colors: content.colors,
      ground: content.tones.ground,
      ink: content.tones.ink,
      faint: content.tones.faint,
      shown: content.shown,
    }, this.looks);
    this.drawFront(content, radius);
  }

  private drawFront(content: MapContent, radius: number): void {
    const camera = this.camera();
    const place = (at: Point): Point => ({ x: at.x * camera.scale + camera.x, y: at.y * camera.scale + camera.y });
    const isMoving = this.move !== null;
    const near = isMoving || !this.current || this.transform.k < leastZoomOfPictures
      ? []
      : nearIn({ ...content, layout: this.current, looks: this.looks, camera, ...this.size });
    const side = pictureSide(near.length);
    this.pick = near.length === 0 ? pickPixels : Math.max(pickPixels, side / 2);
    drawOverlay(this.front, {
      ...this.size,
      ...content.tones,
      ratio: this.ratio,
      radius: near.length > 0 ? side * 0.55 : radius,
      labels: isMoving ? [] : content.centers.map(center => ({
        ...place(center),
        center,
        text: content.names[center.index],
        color: content.colors[center.index],
        isFaint: content.shown !== null && !content.shown.has(center.index),
      })),
      hovered: this.hover === null ? null : this.at(this.hover),
      selected: content.selected === null ? null : this.at(content.selected),
      asked: content.asked && !isMoving ? place(content.asked) : null,
      pictures: () => this.thumbnails.draw(this.front, near, side, content.tones.ground),
      threads: content.threads.flatMap(({ row, share }) => {
        const at = this.at(row);
        return at ? [{ ...at, share }] : [];
      }),
    });
  }

  private step(now: number, content: MapContent, current: Layout): void {
    if (!this.move) return;
    const part = Math.min(1, Math.max(0, (now - this.move.since) / moveMilliseconds));
    const eased = part < 0.5 ? 4 * part ** 3 : 1 - (2 - 2 * part) ** 3 / 2;
    const [from, to] = [this.move.from, content.layout];
    for (let row = 0; row < current.x.length; row++) {
      current.x[row] = from.x[row] + (to.x[row] - from.x[row]) * eased;
      current.y[row] = from.y[row] + (to.y[row] - from.y[row]) * eased;
    }
    current.spanX = from.spanX + (to.spanX - from.spanX) * eased;
    current.spanY = from.spanY + (to.spanY - from.spanY) * eased;
    if (part === 1) this.move = null;
    this.request();
  }

  private nearest(at: Point, pixels: number): number | null {
    const camera = this.camera();
    return this.search?.near((at.x - camera.x) / camera.scale, (at.y - camera.y) / camera.scale, pixels / camera.scale)
      ?? null;
  }

  private readonly onMove = (event: PointerEvent): void => {
    if (event.buttons !== 0 || event.pointerType === 'touch') {
      this.setHover(null, { x: 0, y: 0 });
      return;
    }
    const row = this.nearest({ x: event.offsetX, y: event.offsetY }, this.pick);
    this.setHover(row, row === null ? { x: 0, y: 0 } : this.at(row) ?? { x: 0, y: 0 });
  };

  private readonly onLeave = (): void => this.setHover(null, { x: 0, y: 0 });

  private readonly onClick = (event: MouseEvent): void => {
    const row = this.nearest({ x: event.offsetX, y: event.offsetY }, this.pick * 1.5);
    if (row !== null) this.listener.picked(row);
  };

  private setHover(row: number | null, at: Point): void {
    if (row === this.hover) return;
    this.hover = row;
    this.listener.hovered(row, at);
    if (this.content) this.drawFront(this.content, this.radius(this.content.atlas.count));
  }
}

const copy = (layout: Layout): Layout => ({ ...layout, x: layout.x.slice(), y: layout.y.slice() });

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { cornersOf, shapeCount } from '../palette';

/** A small picture as the pixels that it covers: place against the middle, and how much, 1 to 256. */
export interface Stamp { dx: Int16Array; dy: Int16Array; cover: Uint16Array; reach: number }

/** Stamps of one size: a shape per class, and the marks that go on top. */
export interface StampSet { shapes: Stamp[]; cross: Stamp; crossGround: Stamp; ring: Stamp; ringGround: Stamp }

type Distance = (x: number, y: number) => number;

export function stampsOf(radius: number): StampSet {
  const arm = radius * 1.15 + 1.1;
  const width = Math.max(0.75, radius * 0.34);
  const outside = radius * 1.4 + 1.5;
  const cross: Distance = (x, y) =>
    Math.min(toSegment(x, y, -arm, -arm, arm, arm), toSegment(x, y, -arm, arm, arm, -arm)) - width;
  const ring: Distance = (x, y) => Math.abs(Math.hypot(x, y) - outside) - Math.max(0.55, radius * 0.15);
  return {
    shapes: Array.from({ length: shapeCount }, (_, shape) => stamp(shapeDistance(shape, radius), radius * 1.2)),
    cross: stamp(cross, arm + width),
    crossGround: stamp((x, y) => cross(x, y) - 1.1, arm + width + 1.1),
    ring: stamp(ring, outside + 1),
    ringGround: stamp((x, y) => ring(x, y) - 0.9, outside + 2),
  };
}

function shapeDistance(shape: number, radius: number): Distance {
  const corners = cornersOf(shape);
  if (corners.length === 0) return (x, y) => Math.hypot(x, y) - radius;
  const points = corners.map(([x, y]) => [x * radius, y * radius] as const);
  return (x, y) => {
    let nearest = Infinity;
    let isInside = false;
    points.forEach(([x2, y2], index) => {
      const [x1, y1] = points[(index + points.length - 1) % points.length];
      nearest = Math.min(nearest, toSegment(x, y, x1, y1, x2, y2));
      if (y1 > y !== y2 > y && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) isInside = !isInside;
    });
    return isInside ? -nearest : nearest;
  };
}

function toSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

function stamp(distance: Distance, extent: number): Stamp {
  const reach = Math.ceil(extent + 0.5);
  const found: [number, number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const cover = Math.round(256 * Math.min(1, Math.max(0, 0.5 - distance(dx, dy))));
      if (cover > 8) found.push([dx, dy, cover]);
    }
  }
  return {
    dx: Int16Array.from(found, each => each[0]),
    dy: Int16Array.from(found, each => each[1]),
    cover: Uint16Array.from(found, each => each[2]),
    reach,
  };
}

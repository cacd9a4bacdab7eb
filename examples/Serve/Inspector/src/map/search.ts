// Licensed under the MIT License. See LICENSE in the project root for license information.

import { quadtree, type Quadtree } from 'd3-quadtree';
import type { Layout } from './layout';
import type { Looks } from './painter';

/** Finds points by place; the tree is made when it is first asked. */
export class PointSearch {
  private tree: Quadtree<number> | null = null;

  constructor(private readonly layout: Layout, private readonly looks: Looks) {}

  /** Gives the row nearest to a place within a radius, both in the unit box. */
  near(x: number, y: number, radius: number): number | null {
    return this.made().find(x, y, radius) ?? null;
  }

  /** Gives the nearest row on one side of another, for the arrow keys. */
  beside(row: number, dx: number, dy: number): number | null {
    const { x, y } = this.layout;
    let [best, least] = [-1, Infinity];
    for (let other = 0; other < this.looks.length; other++) {
      if (this.looks[other] < 2 || other === row) continue;
      const [right, down] = [x[other] - x[row], y[other] - y[row]];
      const ahead = right * dx + down * dy;
      const aside = Math.abs(right * dy) + Math.abs(down * dx);
      if (ahead <= 0 || aside > ahead) continue;
      const distance = ahead + 2 * aside;
      if (distance < least) [best, least] = [other, distance];
    }
    return best < 0 ? null : best;
  }

  private made(): Quadtree<number> {
    if (this.tree) return this.tree;
    const rows: number[] = [];
    this.looks.forEach((look, row) => { if (look >= 2) rows.push(row); });
    this.tree = quadtree<number>(rows, row => this.layout.x[row], row => this.layout.y[row]);
    return this.tree;
  }
}

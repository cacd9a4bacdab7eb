// Licensed under the MIT License. See LICENSE in the project root for license information.

import { classIndex } from './classes';
import type { AnalysisResult, Calibration, EntryColumns, Places } from './contract';

/** A result of the analysis, its classes numbered as the page numbers them, and what was changed since. */
export interface Atlas {
  readonly sequence: number;
  readonly count: number;
  readonly ids: readonly number[];
  /** Row of each id. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Class of each entry now. */
  readonly labels: Int32Array;
  /** 1 for an entry that was removed since. */
  readonly gone: Uint8Array;
  /** 1 for an entry that a person looked at and left as it is. */
  readonly kept: Uint8Array;
  /** Class that the other entries predict, -1 for none; null where the memory does not vote by neighbours. */
  readonly predicted: Int32Array | null;
  readonly confidence: readonly number[] | null;
  readonly ownScore: readonly number[] | null;
  readonly wrong: readonly number[];
  readonly correct: readonly number[];
  readonly twin: readonly (number | null)[];
  readonly twinDistance: readonly (number | null)[];
  readonly principal: Places;
  readonly map: Places | null;
  readonly calibration: Calibration | null;
}

export function atlasOf(result: AnalysisResult): Atlas {
  const numbers = result.classes.map(classIndex);
  const count = result.ids.length;
  return {
    sequence: result.sequence,
    count,
    ids: result.ids,
    rowOf: new Map(result.ids.map((id, row) => [id, row])),
    labels: Int32Array.from(result.labels, label => numbers[label]),
    gone: new Uint8Array(count),
    kept: new Uint8Array(count),
    predicted: result.predicted ? Int32Array.from(result.predicted, each => each < 0 ? -1 : numbers[each]) : null,
    confidence: result.confidence ?? null,
    ownScore: result.ownScore ?? null,
    wrong: result.wrong,
    correct: result.correct,
    twin: result.twin,
    twinDistance: result.twinDistance,
    principal: result.principal,
    map: result.map ?? null,
    calibration: result.calibration ?? null,
  };
}

/** Takes over the labels that the memory has now. */
export function follow(atlas: Atlas, entries: EntryColumns): void {
  const numbers = entries.classes.map(classIndex);
  atlas.gone.fill(1);
  entries.ids.forEach((id, index) => {
    const row = atlas.rowOf.get(id);
    if (row === undefined) return;
    atlas.gone[row] = 0;
    atlas.labels[row] = numbers[entries.labels[index]];
  });
}

/** Takes over what a person decided to keep, so that nobody has to decide it again after each analysis. */
export function carryKept(from: Atlas, to: Atlas): void {
  from.kept.forEach((isKept, row) => {
    const now = isKept ? to.rowOf.get(from.ids[row]) : undefined;
    if (now !== undefined) to.kept[now] = 1;
  });
}

/** Whether the others predict another class than the entry has. */
export const isWrong = (atlas: Atlas, row: number): boolean =>
  atlas.predicted !== null && atlas.predicted[row] !== atlas.labels[row];

/** Whether the entry misled several of the others, and more than twice as many as it helped. */
export const isUnreliable = (atlas: Atlas, row: number): boolean =>
  atlas.wrong[row] >= 3 && atlas.wrong[row] > 2 * atlas.correct[row];

/** How often the entry voted right among the times that it voted, drawn to one half where it seldom did. */
export const reliability = (atlas: Atlas, row: number): number =>
  (atlas.correct[row] + 1) / (atlas.correct[row] + atlas.wrong[row] + 2);

/** Rows to look at, worst first: another class is predicted, or the own one has a low score. */
export function suspectsOf(atlas: Atlas): number[] {
  const least = 0.4;
  const rows: number[] = [];
  const trust = new Float64Array(atlas.count);
  for (let row = 0; row < atlas.count; row++) {
    if (atlas.gone[row] || atlas.kept[row]) continue;
    const own = atlas.ownScore?.[row] ?? reliability(atlas, row);
    const isSuspect = atlas.predicted ? isWrong(atlas, row) || own < least : isUnreliable(atlas, row);
    if (!isSuspect) continue;
    // the surer the others are of another class, the more likely it is the label that is wrong
    const other = isWrong(atlas, row) ? atlas.confidence?.[row] ?? 0 : 0;
    trust[row] = own - other + reliability(atlas, row);
    rows.push(row);
  }
  return rows.sort((a, b) => trust[a] - trust[b] || a - b);
}

export interface TwinPair { row: number; other: number; distance: number }

/** Pairs of entries of a class that say the same, nearest first. */
export function twinsOf(atlas: Atlas): TwinPair[] {
  const pairs: TwinPair[] = [];
  for (let row = 0; row < atlas.count; row++) {
    const twin = atlas.twin[row] ?? null;
    const distance = atlas.twinDistance[row] ?? null;
    if (twin === null || distance === null || atlas.gone[row] || atlas.kept[row]) continue;
    const other = atlas.rowOf.get(twin);
    if (other === undefined || atlas.gone[other] || atlas.labels[other] !== atlas.labels[row]) continue;
    // a pair whose entries are each other's twin is one pair
    if (atlas.twin[other] === atlas.ids[row] && other < row && !atlas.kept[other]) continue;
    pairs.push({ row, other, distance });
  }
  return pairs.sort((a, b) => a.distance - b.distance || a.row - b.row);
}

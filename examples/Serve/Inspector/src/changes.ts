// Licensed under the MIT License. See LICENSE in the project root for license information.

import { api } from './api';
import { classIndex, classNames } from './classes';
import type { StoredEntry } from './contract';
import { atlas, edits, selected } from './state';
import { perform, type Change } from './undo';

function setLabel(id: number, label: string): void {
  const row = atlas.value?.rowOf.get(id);
  if (row !== undefined && atlas.value) atlas.value.labels[row] = classIndex(label);
  edits.value++;
}

function mark(column: 'gone' | 'kept', id: number, isSet: boolean): void {
  const row = atlas.value?.rowOf.get(id);
  if (row !== undefined && atlas.value) atlas.value[column][row] = isSet ? 1 : 0;
  edits.value++;
}

/** Gives an entry another class. */
export function relabel(id: number, from: string, to: string): Promise<boolean> {
  const move = async (label: string): Promise<void> => {
    await api.relabel(id, label);
    setLabel(id, label);
  };
  return perform({
    title: `Relabelled entry ${id} from ${from} to ${to}`,
    apply: () => move(to),
    revert: () => move(from),
  });
}

/** Takes an entry out of the memory; the page holds what it was while that can be undone. */
export function remove(id: number): Promise<boolean> {
  let held: StoredEntry | null = null;
  return perform({
    title: `Removed entry ${id}`,
    apply: async () => {
      held = await api.entry(id);
      await api.remove(id);
      mark('gone', id, true);
      if (selected.value === id) selected.value = null;
    },
    revert: async () => {
      if (held === null) return;
      await api.putBack(held);
      mark('gone', id, false);
    },
  });
}

/** Leaves an entry as it is and off the lists. */
export function keep(id: number): Promise<boolean> {
  return perform({
    title: `Kept entry ${id}`,
    apply: async () => mark('kept', id, true),
    revert: async () => mark('kept', id, false),
  });
}

/** Records examples that were added one by one as one change. */
export function recordAdded(label: string, ids: number[]): Promise<boolean> {
  let isFirst = true;
  let held: StoredEntry[] = [];
  const change: Change = {
    title: `Added ${ids.length === 1 ? 'a picture' : `${ids.length} pictures`} of ${label}`,
    apply: async () => {
      if (!isFirst) for (const entry of held) await api.putBack(entry);
      isFirst = false;
    },
    revert: async () => {
      held = [];
      for (const id of ids) {
        held.push(await api.entry(id));
        await api.remove(id);
      }
    },
  };
  return perform(change);
}

export const nameOf = (index: number): string => classNames.value[index] ?? '—';

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { ApiError, api } from './api';
import { classIndex, classNames } from './classes';
import type { StoredEntry } from './contract';
import { atlas, edits, inspection, selected } from './state';
import { perform } from './undo';

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
  let now = id; // an adaptive memory gives it another one
  const move = async (before: string, after: string): Promise<void> => {
    const { label } = await api.entry(now);
    if (label !== before) throw new ApiError(409, `Entry ${now} must be of class ${before}. It is of ${label}.`);
    const next = await api.relabel(now, after);
    if (selected.value === now) selected.value = next;
    now = next;
    setLabel(now, after);
  };
  return perform({
    title: `Relabelled entry ${id} from ${from} to ${to}`,
    apply: () => move(from, to),
    revert: () => move(to, from),
  });
}

/** Takes an entry out of the memory; the page holds what it was while that can be undone. */
export async function remove(id: number): Promise<boolean> {
  let held: StoredEntry | null = null;
  // it numbers its entries itself, so that none comes back as it was
  const isFinal = inspection.value?.kind === 'adaptive memory';
  if (isFinal && !confirm(`Remove entry ${id}? This memory cannot take it back.`)) return false;
  return await perform({
    title: `Removed entry ${id}`,
    isFinal,
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

/** Records examples that were added one by one as one change; where it stops half-way, the next try goes on there. */
export function recordAdded(label: string, ids: readonly number[]): Promise<boolean> {
  const held = new Map<number, StoredEntry>();
  return perform({
    title: `Added ${ids.length === 1 ? 'a picture' : `${ids.length} pictures`} of ${label}`,
    apply: async () => {
      for (const [id, entry] of held) {
        await api.putBack(entry);
        held.delete(id);
      }
    },
    revert: async () => {
      for (const id of ids) {
        if (!held.has(id)) await takeOut(id, held);
      }
    },
  });
}

async function takeOut(id: number, held: Map<number, StoredEntry>): Promise<void> {
  try {
    const entry = await api.entry(id);
    await api.remove(id);
    held.set(id, entry);
  } catch (error) {
    // somebody else has taken it out already
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

export const nameOf = (index: number): string => classNames.value[index] ?? '—';

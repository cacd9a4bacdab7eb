// Licensed under the MIT License. See LICENSE in the project root for license information.

import { batch, computed, effect, signal } from '@preact/signals';
import { ApiError } from './api';
import { fail, inspection, isOnline, phase, refresh, tell } from './state';

/** A change that can be taken back. */
export interface Change {
  /** What was done, such as "Relabelled entry 7". */
  readonly title: string;
  /** Whether the memory lets nobody take it back. */
  readonly isFinal?: boolean;
  apply(): Promise<void>;
  revert(): Promise<void>;
}

const done = signal<readonly Change[]>([]);
const undone = signal<readonly Change[]>([]);
const waiting = signal(0);
let queue: Promise<unknown> = Promise.resolve();

export const undoTitle = computed(() => done.value.at(-1)?.title ?? null);
export const redoTitle = computed(() => undone.value.at(-1)?.title ?? null);
export const undoCount = computed(() => done.value.length);
export const isChanging = computed(() => waiting.value > 0);

/** Does a change after those before it; resolves to whether it was done. */
export const perform = (change: Change): Promise<boolean> => inTurn(async () => {
  await change.apply();
  if (!change.isFinal) done.value = [...done.value, change];
  undone.value = [];
  tell(`${change.title}.`);
});

export const undo = (): Promise<boolean> => inTurn(async () => {
  await refresh(); // where another model has taken over, nothing can be undone
  const change = done.value.at(-1);
  if (!change) return;
  await revert(change);
  done.value = done.value.slice(0, -1);
  undone.value = [...undone.value, change];
  tell(`Undone: ${change.title}.`);
});

export const redo = (): Promise<boolean> => inTurn(async () => {
  await refresh();
  const change = undone.value.at(-1);
  if (!change) return;
  await change.apply();
  undone.value = undone.value.slice(0, -1);
  done.value = [...done.value, change];
  tell(`Done again: ${change.title}.`);
});

// what cannot be taken back shall not stand in the way of the changes before it
async function revert(change: Change): Promise<void> {
  try {
    await change.revert();
  } catch (error) {
    const others = done.value.slice(0, -1);
    if (error instanceof ApiError && error.status === 404) {
      done.value = others;
      throw new ApiError(404, `${error.message} This change can no longer be undone: ${change.title}.`);
    }
    if (error instanceof ApiError && error.status === 409) done.value = [change, ...others];
    throw error;
  }
}

// the ids of another model are those of other entries
const version = computed(() => inspection.value?.version);
effect(() => {
  if (version.value === undefined) return;
  batch(() => {
    done.value = [];
    undone.value = [];
  });
});

// changes take turns, so that an undo never overtakes what it undoes
function inTurn(act: () => Promise<void>): Promise<boolean> {
  waiting.value++;
  const turn = queue.then(async () => {
    const isDone = await act().then(() => true, (error: unknown) => {
      fail(error);
      return false;
    });
    try {
      if (phase.value === 'open') await refresh(); // after a refusal too: somebody else may have changed the memory
    } catch (error) {
      if (error instanceof ApiError && error.isKeyProblem) fail(error);
      else isOnline.value = false;
    }
    waiting.value--;
    return isDone;
  });
  queue = turn;
  return turn;
}

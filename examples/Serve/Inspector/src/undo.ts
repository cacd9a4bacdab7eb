// Licensed under the MIT License. See LICENSE in the project root for license information.

import { computed, signal } from '@preact/signals';
import { ApiError, sentenceOf } from './api';
import { fail, refresh, tell } from './state';

/** A change that can be taken back. */
export interface Change {
  /** What was done, such as "Relabelled entry 7". */
  readonly title: string;
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
  done.value = [...done.value, change];
  undone.value = [];
  tell(`${change.title}.`);
});

export const undo = (): Promise<boolean> => inTurn(async () => {
  const change = done.value.at(-1);
  if (!change) return;
  await change.revert();
  done.value = done.value.slice(0, -1);
  undone.value = [...undone.value, change];
  tell(`Undone: ${change.title}.`);
});

export const redo = (): Promise<boolean> => inTurn(async () => {
  const change = undone.value.at(-1);
  if (!change) return;
  await change.apply();
  undone.value = undone.value.slice(0, -1);
  done.value = [...done.value, change];
  tell(`Done again: ${change.title}.`);
});

// changes take turns, so that an undo never overtakes what it undoes
function inTurn(act: () => Promise<void>): Promise<boolean> {
  waiting.value++;
  const turn = queue.then(async () => {
    try {
      await act();
      await refresh();
      return true;
    } catch (error) {
      if (error instanceof ApiError) fail(error);
      else tell(sentenceOf(error), true);
      return false;
    } finally {
      waiting.value--;
    }
  });
  queue = turn;
  return turn;
}

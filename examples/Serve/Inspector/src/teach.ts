// Licensed under the MIT License. See LICENSE in the project root for license information.

import { signal } from '@preact/signals';
import { ApiError, api, sentenceOf } from './api';
import { rowOf } from './ask';
import { recordAdded } from './changes';
import { asUpload } from './pixels';
import { fail, inspection, tell } from './state';

/** How far adding is; null where nothing is added. */
export const teaching = signal<{ done: number; total: number } | null>(null);

/** The pictures to teach with, and their class: kept while another view is shown. */
export const chosen = signal<readonly File[]>([]);
export const chosenName = signal('');

/** Adds pictures as examples of a class, one after the other; gives how many of them are in the memory now. */
export async function teach(files: readonly File[], label: string): Promise<number> {
  if (!inspection.value || teaching.value) return 0;
  const ids: number[] = [];
  let added = 0;
  let problem: string | null = null;
  teaching.value = { done: 0, total: files.length };
  for (const file of files) {
    try {
      ids.push(...await addOne(file, label));
      added++;
    } catch (error) {
      if (error instanceof ApiError && error.isKeyProblem) fail(error);
      problem = `${file.name}: ${sentenceOf(error)}`;
      break;
    }
    teaching.value = { done: added, total: files.length };
  }
  teaching.value = null;
  if (ids.length > 0) await recordAdded(label, ids);
  if (problem) tell(added > 0 ? `Added ${added} of ${files.length}. ${problem}` : problem, true);
  return added;
}

async function addOne(file: File, label: string): Promise<number[]> {
  const now = inspection.value;
  if (!now) return [];
  if (now.input === 'image') return known(await api.addImage(await asUpload(file), label));
  const { row } = await rowOf(file, now);
  return known(await api.add({ ...row, [now.exampleColumns?.label ?? 'Label']: label }));
}

function known(answer: { ids: (number | null)[] }): number[] {
  const ids = answer.ids.filter(id => id !== null);
  if (ids.length === 0) throw new Error('The memory is full and refused the picture.');
  return ids;
}

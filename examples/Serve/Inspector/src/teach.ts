// Licensed under the MIT License. See LICENSE in the project root for license information.

import { signal } from '@preact/signals';
import { api, sentenceOf } from './api';
import { rowOf } from './ask';
import { recordAdded } from './changes';
import { asUpload } from './pixels';
import { inspection, tell } from './state';

/** How far adding is; null where nothing is added. */
export const teaching = signal<{ done: number; total: number } | null>(null);

/** Adds pictures as examples of a class, one after the other. */
export async function teach(files: readonly File[], label: string): Promise<boolean> {
  const now = inspection.value;
  if (!now || teaching.value) return false;
  const ids: number[] = [];
  let problem: string | null = null;
  teaching.value = { done: 0, total: files.length };
  for (const file of files) {
    try {
      ids.push(...await addOne(file, label));
    } catch (error) {
      problem = `${file.name}: ${sentenceOf(error)}`;
      break;
    }
    teaching.value = { done: teaching.value.done + 1, total: files.length };
  }
  teaching.value = null;
  if (ids.length > 0) await recordAdded(label, ids);
  if (problem) tell(ids.length > 0 ? `Added ${ids.length} of ${files.length}. ${problem}` : problem, true);
  return problem === null;
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

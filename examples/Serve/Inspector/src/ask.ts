// Licensed under the MIT License. See LICENSE in the project root for license information.

import { computed, effect, signal, untracked } from '@preact/signals';
import { api } from './api';
import type { Explanation, Inspection, PictureShape } from './contract';
import { asUpload, decode, edgeLevel, features, fit, preview } from './pixels';
import { asked, atlas, fail, inspection, showTab } from './state';

/** Whether light and dark are exchanged; null leaves it to the page. */
export const inversion = signal<boolean | null>(null);
/** Whether the picture that was asked last was inverted. */
export const wasInverted = signal(false);
export const isAsking = signal(false);

interface Told { explanation: Explanation; shown: Blob; isInverted: boolean }

let source: Blob | HTMLCanvasElement | null = null;
let ground: { version: string; level: number } | null = null;
let turn = 0;

/** Asks the memory what a picture is. */
export async function ask(picture: Blob | HTMLCanvasElement): Promise<void> {
  source = picture;
  const mine = ++turn;
  isAsking.value = true;
  try {
    const now = inspection.value;
    if (!now) return;
    const told = now.input === 'image'
      ? await askImage(picture)
      : await askPixels(picture, now);
    if (mine !== turn || inspection.value?.version !== now.version) return;
    wasInverted.value = told.isInverted;
    show(told);
  } catch (error) {
    if (mine === turn) fail(error);
  } finally {
    if (mine === turn) isAsking.value = false;
  }
}

/** Asks what was pasted, wherever on the page. */
export function takePaste(event: ClipboardEvent): void {
  const file = [...event.clipboardData?.files ?? []].find(each => each.type.startsWith('image/'));
  const input = inspection.value?.input ?? 'row';
  if (!file || input === 'row') return;
  event.preventDefault();
  showTab('ask');
  void ask(file);
}

/** Asks the latest picture again, after the inversion or the memory changed. */
export const askAgain = async (): Promise<void> => {
  if (source) await ask(source);
};

export function clearAsked(): void {
  turn++;
  source = null;
  isAsking.value = false;
  if (asked.value) URL.revokeObjectURL(asked.value.url);
  asked.value = null;
}

// what is shown shall be what the memory says now, not what it said before somebody changed it
const state = computed(() => `${inspection.value?.version} ${inspection.value?.sequence}`);
effect(() => {
  if (state.value && asked.peek()) untracked(() => void askAgain());
});

/** Gives a picture as the row that the memory is asked, or taught, with. */
export async function rowOf(picture: Blob | HTMLCanvasElement, now: Inspection):
    Promise<{ row: Record<string, unknown>; values: number[]; shape: PictureShape; isInverted: boolean }> {
  const shape = now.picture;
  if (!shape || !now.inputColumn) throw new Error('The memory must take pixels for this. It does not.');
  const bitmap = picture instanceof Blob ? await decode(picture) : picture;
  const pixels = fit(bitmap, shape);
  if (bitmap instanceof ImageBitmap) bitmap.close();
  const plain = features(pixels, shape, false);
  const isInverted = inversion.value ?? await differs(edgeLevel(plain, shape), shape, now);
  const values = isInverted ? features(pixels, shape, true) : plain;
  return { row: { [now.inputColumn]: values }, values, shape, isInverted };
}

async function askPixels(picture: Blob | HTMLCanvasElement, now: Inspection):
    Promise<Told> {
  const { row, values, shape, isInverted } = await rowOf(picture, now);
  return { explanation: await api.explain(row), shown: await preview(values, shape), isInverted };
}

async function askImage(picture: Blob | HTMLCanvasElement): Promise<Told> {
  if (!(picture instanceof Blob)) throw new Error('The memory must take pixels to be drawn to. It takes files.');
  const file = await asUpload(picture);
  return { explanation: await api.explainImage(file), shown: file, isInverted: false };
}

function show({ explanation, shown }: Told): void {
  if (asked.value) URL.revokeObjectURL(asked.value.url);
  asked.value = { url: URL.createObjectURL(shown), explanation };
}

// a dark drawing on paper asked of a memory of light strokes on black is on the wrong ground
async function differs(level: number, shape: PictureShape, now: Inspection): Promise<boolean> {
  if (ground?.version !== now.version) {
    const ids = atlas.value?.ids ?? (await api.entries()).ids;
    if (ids.length === 0) return false;
    const samples = await Promise.all([0, 0.3, 0.6].map(part => api.entry(ids[Math.floor(part * ids.length)])));
    const mean = samples.reduce((sum, each) => sum + edgeLevel(each.features, shape), 0) / samples.length;
    ground = { version: now.version, level: mean };
  }
  return level < 0.5 !== ground.level < 0.5;
}

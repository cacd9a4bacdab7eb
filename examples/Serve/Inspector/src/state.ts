// Licensed under the MIT License. See LICENSE in the project root for license information.

import { batch, computed, signal } from '@preact/signals';
import { ApiError, api, sentenceOf } from './api';
import { atlasOf, carryKept, follow, suspectsOf, twinsOf, type Atlas } from './atlas';
import { classIndex, forgetClasses } from './classes';
import type { AnalysisState, Explanation, Inspection } from './contract';
import { forgetPictures } from './pictures';
import { forgetKey } from './session';

export type Phase = 'starting' | 'locked' | 'open' | 'failed';
export type Tab = 'ask' | 'suspects' | 'twins' | 'classes' | 'trend' | 'calibration';

/** A picture that was asked, and what the memory says to it. */
export interface Asked { url: string; explanation: Explanation }

export const phase = signal<Phase>('starting');
export const failure = signal('');
export const isOnline = signal(true);
export const inspection = signal<Inspection | null>(null);
export const analysis = signal<AnalysisState>({ state: 'none' });
export const atlas = signal<Atlas | null>(null);
/** Grows with every change inside the atlas, whose columns are changed in place. */
export const edits = signal(0);
export const tab = signal<Tab>('ask');
export const selected = signal<number | null>(null);
export const asked = signal<Asked | null>(null);
/** What assistive technology is told, and the toast shows. */
export const status = signal<{ text: string; isError: boolean; at: number } | null>(null);

export const suspects = computed(() => { edits.value; return atlas.value ? suspectsOf(atlas.value) : []; });
export const twins = computed(() => { edits.value; return atlas.value ? twinsOf(atlas.value) : []; });
export const isStale = computed(() =>
  atlas.value !== null && inspection.value !== null && atlas.value.sequence !== inspection.value.sequence);

const pollMilliseconds = 4000;
const workMilliseconds = 300;
let followed = -1;
let polling = 0;

export function tell(text: string, isError = false): void {
  status.value = { text, isError, at: Date.now() };
}

/** Shows a failure; one of the key asks for the key again. */
export function fail(error: unknown): void {
  if (error instanceof ApiError && error.isKeyProblem) {
    lock(error.message);
    return;
  }
  if (error instanceof ApiError && error.status === 0) isOnline.value = false;
  tell(sentenceOf(error), true);
}

function lock(sentence: string): void {
  batch(() => {
    failure.value = sentence;
    phase.value = 'locked';
  });
  forgetKey();
}

/** Reads what the memory is, and what was analysed of it. */
export async function open(): Promise<void> {
  phase.value = 'starting';
  try {
    await refresh();
    phase.value = 'open';
    analysis.value = await api.analysis();
    if (analysis.value.state === 'ready') await takeResult();
    schedule();
  } catch (error) {
    if (error instanceof ApiError && error.isKeyProblem) lock(error.message);
    else batch(() => {
      failure.value = sentenceOf(error);
      phase.value = 'failed';
    });
  }
}

/** Reads what the memory is now, and where it changed, the labels of its entries. */
export async function refresh(): Promise<void> {
  const now = await api.inspection();
  const before = inspection.value;
  batch(() => {
    isOnline.value = true;
    if (before?.version === now.version && before.sequence === now.sequence) return;
    if (before && before.version !== now.version) forgetModel();
    for (const each of now.classes) classIndex(each.name);
    inspection.value = now;
  });
  const current = atlas.value;
  if (!current || now.sequence === current.sequence || now.sequence === followed) return;
  const entries = await api.entries();
  followed = entries.sequence;
  if (atlas.value === current) follow(current, entries);
  edits.value++;
}

// another model has taken over: nothing that was known of the former one is true of it
function forgetModel(): void {
  atlas.value = null;
  analysis.value = { state: 'none' };
  selected.value = null;
  if (asked.value) URL.revokeObjectURL(asked.value.url);
  asked.value = null;
  forgetClasses();
  followed = -1;
  forgetPictures();
}

async function takeResult(): Promise<void> {
  const result = await api.result();
  const made = atlasOf(result);
  if (atlas.value) carryKept(atlas.value, made);
  atlas.value = made;
  followed = result.sequence;
  await refresh();
}

export async function startAnalysis(): Promise<void> {
  await analyse(api.startAnalysis);
}

export async function stopAnalysis(): Promise<void> {
  await analyse(api.stopAnalysis);
}

async function analyse(act: () => Promise<AnalysisState>): Promise<void> {
  try {
    await accept(await act());
  } catch (error) {
    fail(error);
  }
  schedule();
}

async function accept(now: AnalysisState): Promise<void> {
  const before = analysis.value;
  const isNew = now.state === 'ready'
    && (before.state === 'working' || atlas.value === null || atlas.value.sequence !== now.sequence);
  analysis.value = now;
  if (isNew) {
    await takeResult();
    tell('The analysis is ready.');
  } else if (now.state === 'failed' && before.state === 'working') {
    tell(now.failure ?? 'The analysis failed.', true);
  }
}

/** Asks again in a while: soon while an analysis works, seldom otherwise, never where nobody looks. */
function schedule(): void {
  clearTimeout(polling);
  if (phase.value !== 'open') return;
  const isWorking = analysis.value.state === 'working';
  polling = window.setTimeout(() => void poll(), isWorking ? workMilliseconds : pollMilliseconds);
}

async function poll(): Promise<void> {
  if (!document.hidden) {
    try {
      await accept(await api.analysis());
      if (analysis.value.state !== 'working') await refresh();
    } catch (error) {
      if (error instanceof ApiError && error.isKeyProblem) lock(error.message);
      else isOnline.value = false;
    }
  }
  schedule();
}

// who comes back to the page shall not see what was true when it was left
document.addEventListener('visibilitychange', () => {
  if (document.hidden || phase.value !== 'open') return;
  clearTimeout(polling);
  void poll();
});

export function select(id: number | null): void {
  selected.value = id;
}

export function showTab(next: Tab): void {
  batch(() => {
    tab.value = next;
    selected.value = null;
  });
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './storage';

export type Theme = 'system' | 'light' | 'dark';

const place = 'memory-inspector-theme';
const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const stillQuery = matchMedia('(prefers-reduced-motion: reduce)');
const systemIsDark = signal(darkQuery.matches);

export const theme = signal<Theme>(read());
export const isDark = computed(() => theme.value === 'system' ? systemIsDark.value : theme.value === 'dark');
export const isStill = signal(stillQuery.matches);

darkQuery.addEventListener('change', event => { systemIsDark.value = event.matches; });
stillQuery.addEventListener('change', event => { isStill.value = event.matches; });

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  remember(() => localStorage, place, theme.value);
});

function read(): Theme {
  const kept = recall(() => localStorage, place);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { signal } from '@preact/signals';
import { recall, remember } from './storage';

const place = 'memory-inspector-key';

/** The API key of this tab; empty where none was given yet. */
export const key = signal('');

/** Takes the key from the address, which forgets it at once, or from what this tab kept. */
export function takeKey(): void {
  const given = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B')).get('key');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  if (given) keepKey(given);
  else key.value = recall(() => sessionStorage, place) ?? '';
}

/** Keeps the key until the tab is closed. */
export function keepKey(given: string): void {
  key.value = given;
  remember(() => sessionStorage, place, given);
}

export function forgetKey(): void {
  key.value = '';
  remember(() => sessionStorage, place, null);
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { signal } from '@preact/signals';

const place = 'memory-inspector-key';

/** The API key of this tab; empty where none was given yet. */
export const key = signal('');

/** Takes the key from the address, which forgets it at once, or from what this tab kept. */
export function takeKey(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  if (given) keepKey(given);
  else key.value = sessionStorage.getItem(place) ?? '';
}

/** Keeps the key until the tab is closed. */
export function keepKey(given: string): void {
  key.value = given;
  sessionStorage.setItem(place, given);
}

export function forgetKey(): void {
  key.value = '';
  sessionStorage.removeItem(place);
}

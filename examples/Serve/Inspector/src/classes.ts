// Licensed under the MIT License. See LICENSE in the project root for license information.

import { signal } from '@preact/signals';
import { colorOf } from './palette';
import { isDark } from './theme';

/** Names of the classes; the place of a name never changes, so that its colour and shape do not either. */
export const classNames = signal<readonly string[]>([]);

/** Classes that the legend shows; null shows all. */
export const shownClasses = signal<ReadonlySet<number> | null>(null);

/** Gives the place of a class, a new one where it is not known yet. */
export function classIndex(name: string): number {
  const known = classNames.value.indexOf(name);
  if (known >= 0) return known;
  classNames.value = [...classNames.value, name];
  return classNames.value.length - 1;
}

/** Forgets the names, and with them what was chosen of them. */
export function forgetClasses(): void {
  classNames.value = [];
  shownClasses.value = null;
}

export const classColor = (index: number): string => colorOf(index, isDark.value);

export const isShown = (index: number): boolean => shownClasses.value?.has(index) ?? true;

/** Shows one class more or less; all of them again where none would be left. */
export function toggleClass(index: number): void {
  const all = classNames.value.map((_, each) => each);
  const shown = new Set(shownClasses.value ?? all);
  if (shownClasses.value === null) {
    shownClasses.value = new Set([index]);
    return;
  }
  if (!shown.delete(index)) shown.add(index);
  shownClasses.value = shown.size === 0 || shown.size === all.length ? null : shown;
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { isStill } from '../theme';

const isNarrow = matchMedia('(max-width: 960px)');
let isPanelFromMap = false;

/** Scrolls to a part of the page where they are one below the other: to the map only from where one came from it. */
export function reach(part: 'panel' | 'map', isFromMap = part === 'panel'): void {
  const wasFromMap = isPanelFromMap;
  isPanelFromMap = part === 'panel' && isFromMap;
  if (!isNarrow.matches || (part === 'map' && !wasFromMap)) return;
  document.querySelector(part === 'panel' ? '.panel-body' : '.map')
    ?.scrollIntoView({ behavior: isStill.value ? 'auto' : 'smooth', block: 'start' });
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Gives the focus to the place around a part of the page that goes while it holds it, so that nobody who works by keys
 * has to begin again at the top: to the panel from within it, else to the analysis while it works, else to the map.
 */
export function useKeptFocus<T extends HTMLElement>() {
  const part = useRef<T>(null);
  useLayoutEffect(() => {
    const held = part.current;
    return () => {
      if (!held?.contains(document.activeElement)) return;
      const around = held.closest('#panel') ? '#panel' : '.analysis, .map';
      setTimeout(() => { // once everything is drawn
        if (document.activeElement !== document.body) return;
        document.querySelector<HTMLElement>(around)?.focus({ preventScroll: true });
      });
    };
  }, []);
  return part;
}

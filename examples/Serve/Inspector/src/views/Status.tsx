// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useState } from 'preact/hooks';
import { status } from '../state';
import { Icon } from '../widgets/Icon';
import { undo, undoTitle } from '../undo';

const shownMilliseconds = 6000;

/** Says what just happened, for the eye and for assistive technology. */
export function Status() {
  const now = status.value;
  const [hidden, setHidden] = useState(0);
  useEffect(() => {
    if (!now || now.isError) return undefined;
    const timer = setTimeout(() => setHidden(now.at), shownMilliseconds);
    return () => clearTimeout(timer);
  }, [now]);
  const isVisible = now !== null && now.at !== hidden;
  const canUndo = isVisible && !now.isError && undoTitle.value !== null && now.text === `${undoTitle.value}.`;
  return (
    <div class={`toast ${isVisible ? 'toast-shown' : ''} ${now?.isError ? 'toast-bad' : ''}`}>
      <p aria-live="polite" aria-atomic="true" id="status">{isVisible ? now.text : ''}</p>
      {canUndo && <button type="button" class="button small" onClick={() => void undo()}>Undo</button>}
      {isVisible && (
        <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => setHidden(now.at)}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { percent } from '../format';

/** A share as a bar and a number. */
export function ShareBar({ share, label, color }: { share: number; label: string; color?: string }) {
  return (
    <span class="share">
      <span class="share-track" role="img" aria-label={`${label}: ${percent(share)}`}>
        <span class="share-fill" style={{ width: `${Math.min(100, share * 100)}%`,
          ...(color ? { backgroundColor: color } : {}) }} />
      </span>
      <span class="number" aria-hidden="true">{percent(share)}</span>
    </span>
  );
}

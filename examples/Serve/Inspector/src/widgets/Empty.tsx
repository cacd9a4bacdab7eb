// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { ComponentChildren } from 'preact';

/** What stands where there is nothing to show, and what to do about it. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <svg class="empty-art" viewBox="0 0 120 60" aria-hidden="true">
        <circle cx="24" cy="34" r="5" /><rect x="46" y="12" width="10" height="10" /><path d="M80 40l7-13 7 13z" />
        <circle class="stroke" cx="62" cy="42" r="6" /><path class="stroke" d="M100 12l9 9m0-9l-9 9" />
      </svg>
      <h3>{title}</h3>
      <p>{text}</p>
      {children}
    </div>
  );
}

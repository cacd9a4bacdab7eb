// Licensed under the MIT License. See LICENSE in the project root for license information.

// A browser that keeps nothing for sites throws already where its stores are named.

export function recall(store: () => Storage, place: string): string | null {
  try {
    return store().getItem(place);
  } catch {
    return null;
  }
}

export function remember(store: () => Storage, place: string, value: string | null): void {
  try {
    if (value === null) store().removeItem(place);
    else store().setItem(place, value);
  } catch {
    // it is forgotten with the page
  }
}

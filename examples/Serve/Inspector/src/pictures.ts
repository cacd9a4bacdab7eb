// Licensed under the MIT License. See LICENSE in the project root for license information.

import { api } from './api';

interface Held { url: string; users: number }

type Listener = (url: string | null) => void;

interface Wanted { id: number; listeners: Set<Listener>; abort: AbortController; isFetching: boolean }

const mostHeld = 400;
const mostAtOnce = 6;
const held = new Map<number, Held>();
const wanted = new Map<number, Wanted>();
let fetching = 0;

/**
 * Asks for the picture of an entry and gives back how to stop wanting it. The listener is told the blob's address, or
 * null where there is none. Few are fetched at once, the latest wish first: what was scrolled past can wait.
 */
export function want(id: number, listener: Listener): () => void {
  const known = held.get(id);
  if (known) {
    touch(id, known);
    known.users++;
    listener(known.url);
    return () => release(id);
  }
  const wish = wanted.get(id)
    ?? { id, listeners: new Set<Listener>(), abort: new AbortController(), isFetching: false };
  wish.listeners.add(listener);
  wanted.set(id, wish);
  fetchNext();
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (!wish.listeners.delete(listener)) release(id);
    else if (wish.listeners.size === 0) drop(wish);
  };
}

/** Forgets the pictures that nothing shows now. */
export function forgetPictures(): void {
  trim(0);
}

function drop(wish: Wanted): void {
  wish.abort.abort();
  if (wanted.get(wish.id) === wish) wanted.delete(wish.id);
}

function touch(id: number, entry: Held): void {
  held.delete(id);
  held.set(id, entry);
}

function release(id: number): void {
  const entry = held.get(id);
  if (entry) entry.users--;
  trim();
}

function trim(most = mostHeld): void {
  for (const [id, entry] of held) {
    if (held.size <= most) return;
    if (entry.users > 0) continue;
    URL.revokeObjectURL(entry.url);
    held.delete(id);
  }
}

function fetchNext(): void {
  if (fetching >= mostAtOnce) return;
  const next = [...wanted.values()].reverse().find(each => !each.isFetching);
  if (!next) return;
  next.isFetching = true;
  fetching++;
  void load(next).finally(() => {
    fetching--;
    fetchNext();
  });
  fetchNext();
}

async function load(wish: Wanted): Promise<void> {
  try {
    const blob = await api.picture(wish.id, wish.abort.signal);
    if (wish.listeners.size === 0) return;
    const url = URL.createObjectURL(blob);
    held.set(wish.id, { url, users: wish.listeners.size });
    finish(wish, url);
  } catch {
    finish(wish, null);
  }
  trim();
}

function finish(wish: Wanted, url: string | null): void {
  if (wanted.get(wish.id) === wish) wanted.delete(wish.id);
  const listeners = [...wish.listeners];
  wish.listeners.clear();
  for (const listener of listeners) listener(url);
}

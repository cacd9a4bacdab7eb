// Licensed under the MIT License. See LICENSE in the project root for license information.

import { api } from './api';

interface Held { url: string; users: number; isFormer: boolean }

type Listener = (url: string | null) => void;

interface Wanted {
  id: number;
  listeners: Set<Listener>;
  abort: AbortController;
  isFetching: boolean;
  held: Held | null;
}

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
    return once(() => release(known));
  }
  const wish = wanted.get(id)
    ?? { id, listeners: new Set<Listener>(), abort: new AbortController(), isFetching: false, held: null };
  wish.listeners.add(listener);
  wanted.set(id, wish);
  fetchNext();
  return once(() => {
    if (!wish.listeners.delete(listener)) release(wish.held);
    else if (wish.listeners.size === 0) drop(wish);
  });
}

/** Forgets all pictures, as those of other entries come under the same ids; those that are shown last until then. */
export function forgetPictures(): void {
  wanted.clear();
  const former = [...held.values()];
  held.clear();
  for (const each of former) {
    each.isFormer = true;
    if (each.users === 0) URL.revokeObjectURL(each.url);
  }
}

function once(act: () => void): () => void {
  let isOver = false;
  return () => {
    if (!isOver) act();
    isOver = true;
  };
}

function drop(wish: Wanted): void {
  wish.abort.abort();
  if (wanted.get(wish.id) === wish) wanted.delete(wish.id);
}

function touch(id: number, entry: Held): void {
  held.delete(id);
  held.set(id, entry);
}

function release(entry: Held | null): void {
  if (!entry) return;
  entry.users--;
  if (entry.isFormer && entry.users === 0) URL.revokeObjectURL(entry.url);
  trim();
}

function trim(): void {
  for (const [id, entry] of held) {
    if (held.size <= mostHeld) return;
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
    const isFormer = wanted.get(wish.id) !== wish;
    wish.held = { url, users: wish.listeners.size, isFormer };
    if (!isFormer) held.set(wish.id, wish.held);
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

// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props<T> {
  items: readonly T[];
  rowHeight: number;
  label: string;
  keyOf: (item: T) => string | number;
  /** Draws a row; what can be reached by Tab in it must be so only in the active one. */
  row: (item: T, isActive: boolean) => ComponentChildren;
  onKey?: (item: T, event: KeyboardEvent) => boolean;
  onOpen?: (item: T) => void;
}

const spare = 4;

/** A list that has only those rows in the page that can be seen. */
export function VirtualList<T>({ items, rowHeight, label, keyOf, row, onKey, onOpen }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [activeWish, setActive] = useState(0);
  const wantsFocus = useRef(false);
  const mayLose = useRef(false);
  const scrolled = useRef(0);
  const active = Math.min(activeWish, Math.max(0, items.length - 1));

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return undefined;
    const observer = new ResizeObserver(() => {
      if (node.clientHeight === 0) return;
      node.scrollTop = scrolled.current; // some browsers forget it while the list is hidden
      setHeight(node.clientHeight);
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    // the row that had the focus may be gone, and the focus with it: the next one takes it
    const isLost = mayLose.current && document.activeElement === document.body;
    if (!wantsFocus.current && !isLost) return;
    wantsFocus.current = mayLose.current = false;
    box.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  });

  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + spare);

  const scroll = (to: number): void => {
    scrolled.current = to;
    setTop(to);
  };

  const go = (next: number): void => {
    const index = Math.min(items.length - 1, Math.max(0, next));
    const node = box.current;
    if (node) {
      if (index * rowHeight < node.scrollTop) node.scrollTop = index * rowHeight;
      else if ((index + 1) * rowHeight > node.scrollTop + node.clientHeight)
        node.scrollTop = (index + 1) * rowHeight - node.clientHeight;
      scroll(node.scrollTop);
    }
    wantsFocus.current = true;
    setActive(index);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const item = items[active];
    const isRow = event.target instanceof HTMLElement && event.target.dataset['index'] !== undefined;
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey || !isRow) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0,
      End: items.length - 1,
    };
    if (event.key in steps) go(steps[event.key]);
    else if (event.key === 'Enter' && onOpen) onOpen(item);
    else if (onKey?.(item, event)) mayLose.current = true;
    else return;
    event.preventDefault();
  };

  const rows = [];
  for (let index = first; index < last; index++) {
    const item = items[index];
    rows.push(
      <div key={keyOf(item)} role="listitem" class="row" data-index={index} aria-setsize={items.length}
        aria-posinset={index + 1} tabIndex={index === active ? 0 : -1}
        style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
        onFocusIn={() => { if (index !== active) setActive(index); }}>
        {row(item, index === active)}
      </div>);
  }
  return (
    <div ref={box} class="virtual" onScroll={event => scroll(event.currentTarget.scrollTop)} onKeyDown={onKeyDown}
      onClick={() => { mayLose.current = true; }} onFocusOut={event => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget))
          mayLose.current = false;
      }}>
      <div role="list" aria-label={label} class="virtual-all" style={{ height: `${items.length * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useMemo } from 'preact/hooks';
import { isUnreliable, isWrong } from '../atlas';
import { nameOf } from '../changes';
import { isShown, shownClasses } from '../classes';
import { percent, plural } from '../format';
import { atlas, edits, select } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Picture } from '../widgets/Picture';
import { VirtualList } from '../widgets/VirtualList';

const rowHeight = 56;

/** The map in words: every entry of the chosen classes, class by class. */
export function EntryTable() {
  const current = atlas.value;
  const rows = useMemo(() => {
    if (!current) return [];
    const found: number[] = [];
    for (let row = 0; row < current.count; row++) {
      if (!current.gone[row] && isShown(current.labels[row])) found.push(row);
    }
    return found.sort((a, b) => current.labels[a] - current.labels[b] || a - b);
  }, [current, edits.value, shownClasses.value]);
  if (!current) return null;
  return (
    <div class="map-stage map-list">
      <VirtualList items={rows} rowHeight={rowHeight} label={`${plural(rows.length, 'entry', 'entries')}, by class`}
        keyOf={row => current.ids[row]} onOpen={row => select(current.ids[row])}
        row={(row, isActive) => {
          const predicted = current.predicted?.[row] ?? -1;
          return (
            <>
              <button type="button" class="row-picture" tabIndex={isActive ? 0 : -1}
                aria-label={`Open entry ${current.ids[row]}`} onClick={() => select(current.ids[row])}>
                <Picture id={current.ids[row]} size={40} /></button>
              <div class="row-text">
                <span class="row-title"><ClassMark index={current.labels[row]} />
                  <strong class="name">{nameOf(current.labels[row])}</strong></span>
                <span class="muted small-text">entry {current.ids[row]}
                  {current.ownScore && ` · ${percent(current.ownScore[row])} for its class`}</span>
              </div>
              <span class="flags">
                {isWrong(current, row) && <span class="flag">✕ {predicted < 0 ? 'none' : nameOf(predicted)}</span>}
                {isUnreliable(current, row) && <span class="flag">◯ misleads</span>}
              </span>
            </>
          );
        }} />
    </div>
  );
}

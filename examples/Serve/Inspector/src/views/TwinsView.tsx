// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { TwinPair } from '../atlas';
import { keep, nameOf, remove } from '../changes';
import { decimal, plural } from '../format';
import { atlas, inspection, select, twins } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Empty } from '../widgets/Empty';
import { Icon } from '../widgets/Icon';
import { Picture } from '../widgets/Picture';
import { VirtualList } from '../widgets/VirtualList';
import { NeedsAnalysis } from './NeedsAnalysis';

const rowHeight = 92;

/** Pairs of entries that say the same: one of them is enough. */
export function TwinsView() {
  const current = atlas.value;
  const pairs = twins.value;
  return (
    <>
      <div class="view-head"><h2>Twins</h2>
        {current && <span class="muted">{plural(pairs.length, 'pair')}</span>}</div>
      {current === null
        ? <NeedsAnalysis />
        : pairs.length === 0
          ? <Empty title="No twins" text="No entry has another one of its class beside it." />
          : (
            <>
              <p class="muted small-text">Pairs of one class, nearest first.<span class="keys"> Keys: arrows move, Enter
                opens, K keeps both, Delete removes the second.</span></p>
              <VirtualList items={pairs} rowHeight={rowHeight} label="Twins, nearest first"
                keyOf={pair => current.ids[pair.row]} onOpen={pair => select(current.ids[pair.row])}
                onKey={(pair, event) => onKey(pair, event.key)}
                row={(pair, isActive) => <Pair pair={pair} isActive={isActive} />} />
            </>
          )}
    </>
  );
}

function Pair({ pair, isActive }: { pair: TwinPair; isActive: boolean }) {
  const current = atlas.value;
  if (!current) return null;
  const [id, other] = [current.ids[pair.row], current.ids[pair.other]];
  const reach = isActive ? 0 : -1;
  const label = current.labels[pair.row];
  return (
    <>
      <span class="row-pair">
        {[id, other].map(each => (
          <button type="button" key={each} class="row-picture" tabIndex={reach} aria-label={`Open entry ${each}`}
            onClick={() => select(each)}><Picture id={each} size={64} /></button>
        ))}
      </span>
      <div class="row-text">
        <span class="row-title"><ClassMark index={label} /> <strong class="name">{nameOf(label)}</strong></span>
        <span class="muted small-text">{`${id} and ${other} · `}
          {pair.distance === 0 ? 'the same values' : `${decimal(pair.distance)} apart`}</span>
        {inspection.value?.isWritable && (
          <span class="row-actions">
            <button type="button" class="button small" tabIndex={reach} aria-label={`Keep entries ${id} and ${other}`}
              onClick={() => void keep(id)}>Keep</button>
            <button type="button" class="button small danger" tabIndex={reach} aria-label={`Remove entry ${other}`}
              onClick={() => void remove(other)}><Icon name="trash" /> {other}</button>
          </span>
        )}
      </div>
    </>
  );
}

function onKey(pair: TwinPair, key: string): boolean {
  const current = atlas.value;
  if (!current || !inspection.value?.isWritable) return false;
  if (key === 'Delete') void remove(current.ids[pair.other]);
  else if (key.toLowerCase() === 'k') void keep(current.ids[pair.row]);
  else return false;
  return true;
}

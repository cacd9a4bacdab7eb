// Licensed under the MIT License. See LICENSE in the project root for license information.

import { isWrong, reliability } from '../atlas';
import { keep, nameOf, relabel, remove } from '../changes';
import { percent, plural } from '../format';
import { atlas, inspection, select, suspects } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Empty } from '../widgets/Empty';
import { Icon } from '../widgets/Icon';
import { Picture } from '../widgets/Picture';
import { VirtualList } from '../widgets/VirtualList';
import { NeedsAnalysis } from './NeedsAnalysis';

const rowHeight = 92;

/** Entries that the others disagree with, worst first. */
export function SuspectsView() {
  const current = atlas.value;
  const rows = suspects.value;
  return (
    <>
      <div class="view-head"><h2>Suspects</h2>
        {current && <span class="muted">{plural(rows.length, 'entry', 'entries')}</span>}</div>
      {current === null
        ? <NeedsAnalysis />
        : rows.length === 0
          ? <Empty title="Nothing suspicious" text="No entry is contradicted by the others." />
          : (
            <>
              <p class="muted small-text">{current.predicted
                ? 'The others predict another class, or hardly this one.'
                : 'These misled several of the others, and far more than they helped.'}
                <span class="keys"> Keys: arrows move, Enter opens, R relabels as predicted, K keeps, Delete
                  removes.</span></p>
              <VirtualList items={rows} rowHeight={rowHeight} label="Suspects, worst first"
                keyOf={row => current.ids[row]} onOpen={row => select(current.ids[row])}
                onKey={(row, event) => onKey(row, event.key)}
                row={(row, isActive) => <Suspect row={row} isActive={isActive} />} />
            </>
          )}
    </>
  );
}

function Suspect({ row, isActive }: { row: number; isActive: boolean }) {
  const current = atlas.value;
  if (!current) return null;
  const id = current.ids[row];
  const label = current.labels[row];
  const better = betterLabel(row);
  const own = current.ownScore?.[row];
  const reach = isActive ? 0 : -1;
  return (
    <>
      <button type="button" class="row-picture" tabIndex={reach} aria-label={`Open entry ${id}`}
        onClick={() => select(id)}><Picture id={id} size={64} /></button>
      <div class="row-text">
        <span class="row-title"><ClassMark index={label} /> <strong class="name">{nameOf(label)}</strong>
          {better !== null && <><span aria-hidden="true">→</span><span class="quiet-text">looks like</span>
            <ClassMark index={better} /> <strong class="name">{nameOf(better)}</strong></>}</span>
        <span class="muted small-text">entry {id}
          {own !== undefined && ` · ${percent(own)} own`}
          {` · ${percent(reliability(current, row))} reliable`}</span>
        {inspection.value?.isWritable && (
          <span class="row-actions">
            {better !== null && (
              <button type="button" class="button small" tabIndex={reach}
                aria-label={`Relabel entry ${id} as ${nameOf(better)}`}
                onClick={() => void relabel(id, nameOf(label), nameOf(better))}>
                <Icon name="check" /> <span class="name">{nameOf(better)}</span></button>
            )}
            <button type="button" class="button small" tabIndex={reach} aria-label={`Keep entry ${id}`}
              onClick={() => void keep(id)}>Keep</button>
            <button type="button" class="button small danger" tabIndex={reach} aria-label={`Remove entry ${id}`}
              onClick={() => void remove(id)}><Icon name="trash" /></button>
          </span>
        )}
      </div>
    </>
  );
}

function betterLabel(row: number): number | null {
  const current = atlas.value;
  if (!current?.predicted || !isWrong(current, row)) return null;
  return current.predicted[row] < 0 ? null : current.predicted[row];
}

function onKey(row: number, key: string): boolean {
  const current = atlas.value;
  if (!current || !inspection.value?.isWritable) return false;
  const id = current.ids[row];
  const better = betterLabel(row);
  if (key === 'Delete') void remove(id);
  else if (key.toLowerCase() === 'k') void keep(id);
  else if (key.toLowerCase() === 'r' && better !== null) {
    void relabel(id, nameOf(current.labels[row]), nameOf(better));
  } else return false;
  return true;
}

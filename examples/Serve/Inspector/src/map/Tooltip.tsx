// Licensed under the MIT License. See LICENSE in the project root for license information.

import { isUnreliable, isWrong } from '../atlas';
import { nameOf } from '../changes';
import { percent } from '../format';
import { atlas } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Picture } from '../widgets/Picture';
import type { Point } from './overlay';

const width = 260;

/** What the pointer is over. */
export function Tooltip({ row, at }: { row: number; at: Point }) {
  const current = atlas.value;
  if (!current || row >= current.count || current.gone[row]) return null;
  const label = current.labels[row];
  const own = current.ownScore?.[row];
  const predicted = current.predicted?.[row] ?? -1;
  const room = document.querySelector('.map-stage')?.clientWidth ?? 0;
  return (
    <div class={`tooltip ${at.x > room - width ? 'tooltip-left' : ''}`} role="tooltip"
      style={{ left: `${at.x}px`, top: `${at.y}px` }}>
      <Picture id={current.ids[row]} size={44} isEager />
      <div>
        <strong><ClassMark index={label} /> {nameOf(label)}</strong>
        <span class="muted">entry {current.ids[row]}</span>
        {own !== undefined && <span>{percent(own)} for its class</span>}
        {isWrong(current, row) && <span class="flag">✕ looks like {predicted < 0 ? 'none' : nameOf(predicted)}</span>}
        {isUnreliable(current, row) && <span class="flag">◯ misleads others</span>}
      </div>
    </div>
  );
}

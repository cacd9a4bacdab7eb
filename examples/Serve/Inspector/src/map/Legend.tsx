// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useSignal } from '@preact/signals';
import { isUnreliable, isWrong } from '../atlas';
import { classNames, isShown, shownClasses, toggleClass } from '../classes';
import { count, plural, short } from '../format';
import { atlas, edits, inspection } from '../state';
import { ClassMark } from '../widgets/ClassMark';

const fewClasses = 24;

/** Names the classes and filters the map by them. */
export function Legend() {
  const isLong = useSignal(false);
  edits.value;
  const counts = new Map(inspection.value?.classes.map(each => [each.name, each.count]));
  const names = classNames.value;
  const used = names.map((name, index) => ({ name, index })).filter(each => (counts.get(each.name) ?? 0) > 0);
  const shown = isLong.value ? used : used.slice(0, fewClasses);
  const current = atlas.value;
  let [wrong, unreliable] = [0, 0];
  for (let row = 0; current && row < current.count; row++) {
    if (current.gone[row]) continue;
    if (isWrong(current, row)) wrong++;
    if (isUnreliable(current, row)) unreliable++;
  }
  return (
    <footer class="legend">
      <div class="legend-classes" role="group" aria-label="Classes on the map">
        {shown.map(({ name, index }) => (
          <button type="button" key={name} class="chip" aria-pressed={isShown(index)}
            onClick={() => toggleClass(index)}>
            <ClassMark index={index} /> <span class="name">{name}</span>
            <span class="muted number">{short(counts.get(name) ?? 0)}</span>
          </button>
        ))}
        {used.length > fewClasses && (
          <button type="button" class="chip" aria-expanded={isLong.value}
            onClick={() => { isLong.value = !isLong.value; }}>
            {isLong.value ? 'Fewer' : `${count(used.length - fewClasses)} more`}
          </button>
        )}
        {shownClasses.value !== null && (
          <button type="button" class="chip chip-action" onClick={() => { shownClasses.value = null; }}>
            Show all</button>
        )}
      </div>
      <p class="legend-marks">
        <span><svg class="mark" viewBox="-8 -8 16 16" aria-hidden="true"><path d="M-5-5 5 5M-5 5 5-5" class="stroke" />
        </svg> {plural(wrong, 'entry', 'entries')} the others disagree with</span>
        <span><svg class="mark" viewBox="-8 -8 16 16" aria-hidden="true"><circle r="6" class="stroke" />
          <circle r="2.5" class="solid" /></svg> {plural(unreliable, 'entry that misleads', 'entries that mislead')}
        {' '}others</span>
      </p>
    </footer>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { scaleLinear } from 'd3-scale';
import { classColor, classIndex } from '../classes';
import { count, plural } from '../format';
import { inspection } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Empty } from '../widgets/Empty';
import { AddClass } from './AddClass';

/** How many entries each class has, and how to teach another. */
export function ClassesView() {
  const now = inspection.value;
  if (!now) return null;
  const most = Math.max(1, ...now.classes.map(each => each.count));
  const width = scaleLinear([0, most], [0, 100]);
  return (
    <>
      <div class="view-head"><h2>Classes</h2>
        <span class="muted">{plural(now.entryCount, 'entry', 'entries')}</span></div>
      {now.classes.length === 0
        ? <Empty title="No class yet" text="Add one below." />
        : (
          <table class="bars">
            <caption class="quiet-text">Entries of each class</caption>
            <thead class="quiet-text"><tr><th scope="col">Class</th><th scope="col">Entries</th></tr></thead>
            <tbody>
              {now.classes.map(each => (
                <tr key={each.name}>
                  <th scope="row"><ClassMark index={classIndex(each.name)} /> <span class="name">{each.name}</span></th>
                  <td>
                    <span class="bar-track" aria-hidden="true"><span class="bar" style={{
                      width: `${width(each.count)}%`, backgroundColor: classColor(classIndex(each.name)) }} /></span>
                    <span class="number">{count(each.count)}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      {now.isWritable && now.input !== 'row' && <AddClass />}
    </>
  );
}

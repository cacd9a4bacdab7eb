// Licensed under the MIT License. See LICENSE in the project root for license information.

import { classColor } from '../classes';
import { cornersOf, shapeOf } from '../palette';

/** The shape and colour that points of a class have on the map. */
export function ClassMark({ index }: { index: number }) {
  const corners = cornersOf(shapeOf(index));
  const fill = classColor(index);
  return (
    <svg class="mark" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
      {corners.length === 0
        ? <circle r="1" fill={fill} />
        : <polygon points={corners.map(corner => corner.join(',')).join(' ')} fill={fill} />}
    </svg>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { axisBottom, axisLeft, type AxisScale } from 'd3-axis';
import type { ScaleLinear, ScaleTime } from 'd3-scale';
import { select } from 'd3-selection';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  side: 'bottom' | 'left';
  scale: ScaleLinear<number, number> | ScaleTime<number, number>;
  at: number;
  ticks?: number;
  /** Gives the text of a value; times come in milliseconds. */
  format: (value: number) => string;
  /** Length of the lines across the plot; 0 for none. */
  grid?: number;
}

/** An axis of a chart; its numbers are in the table beside the chart too, so it is not read out. */
export function Axis({ side, scale, at, ticks = 5, format, grid = 0 }: Props) {
  const group = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    if (!group.current) return;
    const axis = (side === 'bottom' ? axisBottom : axisLeft)(scale as AxisScale<number | Date>)
      .ticks(ticks)
      .tickFormat(value => format(value.valueOf()))
      .tickSizeOuter(0)
      .tickSizeInner(grid > 0 ? -grid : 5)
      .tickPadding(7);
    select(group.current).call(axis);
  });
  return <g ref={group} class="axis" aria-hidden="true"
    transform={side === 'bottom' ? `translate(0 ${at})` : `translate(${at} 0)`} />;
}

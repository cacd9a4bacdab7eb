// Licensed under the MIT License. See LICENSE in the project root for license information.

import { scaleLinear, scaleTime } from 'd3-scale';
import { curveMonotoneX, line } from 'd3-shape';
import { clock, percent } from '../format';
import { Axis } from '../widgets/Axis';

export interface TimePoint { at: Date; value: number | null }

interface Props { title: string; points: readonly TimePoint[]; reference?: number | null; referenceName?: string;
  /** Most that the axis shows; 1 where nothing is said. */
  most?: number }

export const chartWidth = 380;
export const chartLeft = 44;
const [height, right, top, bottom] = [150, 12, 10, 26];

/** The time that a chart spans; a lone bucket stands in the middle. */
export function timeScale(points: readonly { at: Date }[]) {
  const first = points[0].at.getTime();
  const last = points[points.length - 1].at.getTime();
  const pad = first === last ? 60_000 : 0;
  return scaleTime([new Date(first - pad), new Date(last + pad)], [chartLeft, chartWidth - right]);
}

/** A share over time. */
export function LineChart({ title, points, reference = null, referenceName = '', most = 1 }: Props) {
  const known = points.filter((each): each is { at: Date; value: number } => each.value !== null);
  const x = timeScale(points);
  const y = scaleLinear([0, most], [height - bottom, top]);
  const path = line<{ at: Date; value: number }>(each => x(each.at), each => y(each.value))
    .curve(curveMonotoneX)(known);
  const last = known.at(-1);
  const area = path && known.length > 1
    ? `${path}L${x(known[known.length - 1].at)},${y(0)}L${x(known[0].at)},${y(0)}Z` : null;
  return (
    <figure class="figure">
      <figcaption><h3>{title}</h3>
        {last && <span class="muted">now <strong class="number">{percent(last.value)}</strong></span>}
        {reference !== null && <span class="muted reference-key">{percent(reference)} {referenceName}</span>}
      </figcaption>
      <svg class="chart" viewBox={`0 0 ${chartWidth} ${height}`} role="img"
        aria-label={`${title} over time${last ? `, now ${percent(last.value)}` : ''}`}>
        <Axis side="left" scale={y} at={chartLeft} ticks={3} format={percent}
          grid={chartWidth - chartLeft - right} />
        <Axis side="bottom" scale={x} at={height - bottom} ticks={4} format={clock} />
        {area && <path class="area" d={area} />}
        {reference !== null && (
          <line class="ideal" x1={chartLeft} x2={chartWidth - right} y1={y(reference)} y2={y(reference)} />
        )}
        {path && <path class="line" d={path} />}
        {known.length <= 60 && known.map(each => (
          <circle key={each.at.getTime()} class="dot" cx={x(each.at)} cy={y(each.value)} r={3}>
            <title>{`${clock(each.at)}: ${percent(each.value)}`}</title>
          </circle>
        ))}
      </svg>
    </figure>
  );
}

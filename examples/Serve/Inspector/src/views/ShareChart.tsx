// Licensed under the MIT License. See LICENSE in the project root for license information.

import { scaleLinear } from 'd3-scale';
import { area, stack, type SeriesPoint } from 'd3-shape';
import { classColor, classIndex } from '../classes';
import type { TrendBucket } from '../contract';
import { clock, percent } from '../format';
import { Axis } from '../widgets/Axis';
import { ClassMark } from '../widgets/ClassMark';
import { ShareBar } from '../widgets/ShareBar';
import { chartLeft, chartWidth, timeScale } from './LineChart';

const [height, top, bottom] = [150, 10, 26];
const mostNamed = 12;

interface Slice { at: Date; shares: Map<string, number> }

/** What was predicted over time: a class that swells or dries up is a sign of drift. */
export function ShareChart({ buckets }: { buckets: readonly TrendBucket[] }) {
  const totals = new Map<string, number>();
  for (const bucket of buckets) {
    for (const each of bucket.classes) totals.set(each.class, (totals.get(each.class) ?? 0) + each.count);
  }
  const all = [...totals.values()].reduce((sum, each) => sum + each, 0);
  const names = [...totals.keys()].sort((a, b) => classIndex(a) - classIndex(b));
  if (all === 0) return null;
  return (
    <figure class="figure">
      <figcaption><h3>Predicted classes</h3></figcaption>
      {buckets.length > 1 && <Stack slices={buckets.map(sliceOf)} names={names} />}
      <ul class="rivals">
        {names.slice(0, mostNamed).map(name => (
          <li key={name}><span class="name"><ClassMark index={classIndex(name)} /> {name}</span>
            <ShareBar share={(totals.get(name) ?? 0) / all} label={`Share of ${name}`}
              color={classColor(classIndex(name))} /></li>
        ))}
      </ul>
    </figure>
  );
}

function sliceOf(bucket: TrendBucket): Slice {
  const total = bucket.classes.reduce((sum, each) => sum + each.count, 0) || 1;
  return { at: new Date(bucket.at), shares: new Map(bucket.classes.map(each => [each.class, each.count / total])) };
}

function Stack({ slices, names }: { slices: readonly Slice[]; names: readonly string[] }) {
  const x = timeScale(slices);
  const y = scaleLinear([0, 1], [height - bottom, top]);
  const bands = stack<Slice, string>().keys(names).value((slice, name) => slice.shares.get(name) ?? 0)(slices);
  const shape = area<SeriesPoint<Slice>>().x(point => x(point.data.at))
    .y0(point => y(point[0])).y1(point => y(point[1]));
  return (
    <svg class="chart" viewBox={`0 0 ${chartWidth} ${height}`} role="img"
      aria-label="Shares of the predicted classes over time; the sums are listed below">
      {bands.map(band => (
        <path key={band.key} class="band" fill={classColor(classIndex(band.key))} d={shape(band) ?? ''}>
          <title>{band.key}</title></path>
      ))}
      <Axis side="left" scale={y} at={chartLeft} ticks={3} format={value => percent(value)} />
      <Axis side="bottom" scale={x} at={height - bottom} ticks={4} format={clock} />
    </svg>
  );
}

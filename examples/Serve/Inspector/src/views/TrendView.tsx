// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../api';
import type { Trend, TrendBucket } from '../contract';
import { clock, count, percent, plural } from '../format';
import { fail, tab } from '../state';
import { Empty } from '../widgets/Empty';
import { LineChart, type TimePoint } from './LineChart';
import { ShareChart } from './ShareChart';

const pollMilliseconds = 15_000;

/** What was asked lately, and whether the memory still knows its way. */
export function TrendView() {
  const trend = useSignal<Trend | null>(null);
  const isOpen = tab.value === 'trend';
  useEffect(() => {
    if (!isOpen) return undefined;
    const read = (): void => { api.trend().then(answer => { trend.value = answer; }, fail); };
    read();
    const timer = setInterval(read, pollMilliseconds);
    return () => clearInterval(timer);
  }, [isOpen]);
  const now = trend.value;
  return (
    <>
      <div class="view-head"><h2>Trend</h2></div>
      {now === null
        ? <p class="center-text" role="status"><span class="spinner" /> Reading …</p>
        : now.buckets.length === 0
          ? <Empty title="Nothing was asked yet"
              text="Predictions of the last 24 hours show up here, minute by minute." />
          : <Charts trend={now} />}
    </>
  );
}

/** A round share above all of the points, so that small ones can be told apart. */
const roof = (points: readonly TimePoint[]): number =>
  [0.05, 0.1, 0.25, 0.5].find(each => points.every(point => (point.value ?? 0) <= each)) ?? 1;

interface Sums { count: number; unknown: number; feedback: number; right: number }

function Charts({ trend }: { trend: Trend }) {
  const { buckets } = trend;
  const sums = buckets.reduce<Sums>((sum, each) => ({
    count: sum.count + each.count,
    unknown: sum.unknown + each.unknown,
    feedback: sum.feedback + each.feedback,
    right: sum.right + each.right,
  }), { count: 0, unknown: 0, feedback: 0, right: 0 });
  const reference = trend.reference?.confidence ?? null;
  const series = (valueOf: (bucket: TrendBucket) => number | null) =>
    buckets.map(each => ({ at: new Date(each.at), value: valueOf(each) }));
  const unknown = series(each => each.count ? each.unknown / each.count : null);
  return (
    <>
      <dl class="figures">
        <div><dt>Predictions</dt><dd class="number">{count(sums.count)}</dd></div>
        <div><dt>Unknown</dt><dd class="number">{percent(sums.count ? sums.unknown / sums.count : 0)}</dd></div>
        <div><dt>Right by feedback</dt>
          <dd class="number">{sums.feedback ? percent(sums.right / sums.feedback) : '—'}</dd></div>
      </dl>
      <LineChart title="Confidence" points={series(each => each.confidence ?? null)} reference={reference}
        referenceName="of its own entries" />
      <LineChart title="Unknown" points={unknown} most={roof(unknown)} />
      {sums.feedback > 0
        ? <LineChart title="Right by feedback"
            points={series(each => each.feedback ? each.right / each.feedback : null)} />
        : <p class="muted small-text">No feedback yet: tell the server the true class of a prediction to see how often
            it was right.</p>}
      <ShareChart buckets={buckets} />
      <Numbers trend={trend} />
    </>
  );
}

function Numbers({ trend }: { trend: Trend }) {
  return (
    <details class="numbers">
      <summary>The numbers of {plural(trend.buckets.length, 'time')}</summary>
      <div class="scroll-x">
        <table>
          <thead><tr><th scope="col">At</th><th scope="col">Asked</th><th scope="col">Sure</th>
            <th scope="col">Unknown</th><th scope="col">Right</th></tr></thead>
          <tbody>
            {trend.buckets.map(each => (
              <tr key={each.at}><th scope="row">{clock(each.at)}</th><td>{count(each.count)}</td>
                <td>{each.confidence == null ? '—' : percent(each.confidence)}</td><td>{count(each.unknown)}</td>
                <td>{each.feedback ? `${each.right} of ${each.feedback}` : '—'}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

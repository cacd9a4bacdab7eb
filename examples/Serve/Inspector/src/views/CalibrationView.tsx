// Licensed under the MIT License. See LICENSE in the project root for license information.

import { scaleLinear, scaleSqrt } from 'd3-scale';
import type { Calibration } from '../contract';
import { count, percent } from '../format';
import { atlas } from '../state';
import { Axis } from '../widgets/Axis';
import { Empty } from '../widgets/Empty';
import { NeedsAnalysis } from './NeedsAnalysis';

const [width, height] = [380, 340];
const [left, right, top, bottom] = [52, 14, 12, 44];

/** Whether the memory is as often right as it says. */
export function CalibrationView() {
  const current = atlas.value;
  const report = current?.calibration ?? null;
  return (
    <>
      <div class="view-head"><h2>Calibration</h2></div>
      {current === null
        ? <NeedsAnalysis />
        : report === null
          ? <Empty title="No calibration" text="This memory does not say how sure it is of its own entries." />
          : <Report report={report} />}
    </>
  );
}

function Report({ report }: { report: Calibration }) {
  const bins = report.bins.filter(bin => bin.count > 0);
  return (
    <>
      <p class="muted small-text">Each entry is predicted by all the others. Where the memory says 80 %, it should be
        right four times of five: on the line. Below it, it is too sure.</p>
      <dl class="figures">
        <div><dt>Calibration error</dt><dd class="number">{percent(report.error)}</dd></div>
        <div><dt>Accuracy</dt><dd class="number">{percent(report.accuracy)}</dd></div>
      </dl>
      <Diagram report={report} />
      <details class="numbers">
        <summary>The numbers</summary>
        <table>
          <thead><tr><th scope="col">Confidence</th><th scope="col">Right</th><th scope="col">Entries</th></tr></thead>
          <tbody>
            {bins.map(bin => (
              <tr key={bin.confidence}><td>{percent(bin.confidence)}</td><td>{percent(bin.accuracy)}</td>
                <td>{count(bin.count)}</td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function Diagram({ report }: { report: Calibration }) {
  const x = scaleLinear([0, 1], [left, width - right]);
  const y = scaleLinear([0, 1], [height - bottom, top]);
  const bins = report.bins.filter(bin => bin.count > 0);
  const size = scaleSqrt([0, Math.max(1, ...bins.map(bin => bin.count))], [2.5, 13]);
  const perCent = (value: number): string => `${Math.round(value * 100)}`;
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img"
      aria-label={`Reliability diagram: calibration error ${percent(report.error)}`}>
      <Axis side="bottom" scale={x} at={height - bottom} format={perCent} />
      <Axis side="left" scale={y} at={left} format={perCent} grid={width - left - right} />
      <text class="axis-title" x={(left + width - right) / 2} y={height - 6}>said: confidence, %</text>
      <text class="axis-title" x={-(top + height - bottom) / 2} y={14} transform="rotate(-90)">true: accuracy, %</text>
      <line class="ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      {bins.map(bin => (
        <line key={`gap-${bin.confidence}`} class="gap" x1={x(bin.confidence)} x2={x(bin.confidence)}
          y1={y(bin.confidence)} y2={y(bin.accuracy)} />
      ))}
      <polyline class="line" points={bins.map(bin => `${x(bin.confidence)},${y(bin.accuracy)}`).join(' ')} />
      {bins.map(bin => (
        <circle key={bin.confidence} class="dot" cx={x(bin.confidence)} cy={y(bin.accuracy)} r={size(bin.count)}>
          <title>
            {`${percent(bin.accuracy)} right where ${percent(bin.confidence)} sure, ${count(bin.count)} entries`}
          </title>
        </circle>
      ))}
    </svg>
  );
}

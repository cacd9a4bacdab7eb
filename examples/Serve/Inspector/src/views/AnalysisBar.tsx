// Licensed under the MIT License. See LICENSE in the project root for license information.

import { percent, plural } from '../format';
import { analysis, atlas, inspection, isStale, startAnalysis, stopAnalysis } from '../state';

const stages: Record<string, string> = {
  reading: 'Reading the values',
  neighbours: 'Finding the neighbours',
  neighbors: 'Finding the neighbours',
  predictions: 'Asking the others',
  reliability: 'Counting good and bad advice',
  principal: 'Laying out the plane',
  map: 'Laying out the map',
};

export const stageOf = (stage: string | null | undefined): string =>
  stage ? stages[stage] ?? stage : 'Getting ready';

/** Says how far the analysis is, and whether it is still true. */
export function AnalysisBar() {
  const now = analysis.value;
  if (now.state === 'working') {
    return (
      <section class="analysis" aria-label="Analysis">
        <span class="analysis-text">{stageOf(now.stage)} … {percent(now.progress ?? 0)}</span>
        <Progress value={now.progress ?? 0} />
        <button type="button" class="button small" onClick={() => void stopAnalysis()}>Stop</button>
      </section>
    );
  }
  if (now.state === 'failed' && atlas.value !== null) {
    return (
      <section class="analysis analysis-bad" aria-label="Analysis">
        <span class="analysis-text">{now.failure ?? 'The analysis failed.'}</span>
        <Again text="Try again" />
      </section>
    );
  }
  if (isStale.value) {
    const changes = (inspection.value?.sequence ?? 0) - (atlas.value?.sequence ?? 0);
    return (
      <section class="analysis analysis-stale" aria-label="Analysis">
        <span class="analysis-text">
          The memory has changed since the analysis{changes > 0 ? ` (${plural(changes, 'change')})` : ''}.
        </span>
        <Again text="Analyse again" />
      </section>
    );
  }
  return null;
}

function Again({ text }: { text: string }) {
  return <button type="button" class="button small primary" onClick={() => void startAnalysis()}>{text}</button>;
}

export function Progress({ value }: { value: number }) {
  return <progress class="progress" max={1} value={value} aria-label="Progress of the analysis" />;
}

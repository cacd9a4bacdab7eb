// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { ComponentChildren } from 'preact';
import { percent, plural } from '../format';
import { analysis, atlas, inspection, isStale, startAnalysis, stopAnalysis } from '../state';
import { useKeptFocus } from './kept';

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
      <Bar>
        <span class="analysis-text">{stageOf(now.stage)} … {percent(now.progress ?? 0)}</span>
        <Progress value={now.progress ?? 0} />
        <Act text="Stop" act={stopAnalysis} />
      </Bar>
    );
  }
  if (now.state === 'failed' && atlas.value !== null) {
    return (
      <Bar look="analysis-bad">
        <span class="analysis-text">{now.failure ?? 'The analysis failed.'}</span>
        <Act text="Try again" look="primary" act={startAnalysis} />
      </Bar>
    );
  }
  if (isStale.value) {
    const changes = (inspection.value?.sequence ?? 0) - (atlas.value?.sequence ?? 0);
    return (
      <Bar look="analysis-stale">
        <span class="analysis-text">
          The memory has changed since the analysis{changes > 0 ? ` (${plural(changes, 'change')})` : ''}.
        </span>
        <Act text="Analyse again" look="primary" act={startAnalysis} />
      </Bar>
    );
  }
  return null;
}

function Bar({ look = '', children }: { look?: string; children: ComponentChildren }) {
  return (
    <section class={`analysis ${look}`} aria-label="Analysis" tabIndex={-1} ref={useKeptFocus<HTMLElement>()}>
      {children}
    </section>
  );
}

/** A button of the analysis, which goes when it is pressed, or by itself. */
export function Act({ text, look = '', size = 'small', act }: {
  text: string; look?: string; size?: string; act: () => Promise<void>;
}) {
  return (
    <button type="button" class={`button ${size} ${look}`} ref={useKeptFocus<HTMLButtonElement>()}
      onClick={() => void act()}>{text}</button>
  );
}

export function Progress({ value }: { value: number }) {
  return <progress class="progress" max={1} value={value} aria-label="Progress of the analysis" />;
}

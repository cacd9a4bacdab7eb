// Licensed under the MIT License. See LICENSE in the project root for license information.

import { analysis, atlas, inspection, startAnalysis } from '../state';
import { count, plural } from '../format';
import { Empty } from '../widgets/Empty';
import { Act, Progress, stageOf } from '../views/AnalysisBar';

/** What stands where the map, or a list, will be. */
export function MapHint({ title = 'No map yet' }: { title?: string }) {
  const now = analysis.value;
  const entries = inspection.value?.entryCount ?? 0;
  if (now.state === 'working') {
    return (
      <Empty title="Reading the memory" text={`${stageOf(now.stage)} of ${plural(entries, 'entry', 'entries')}.`}>
        <Progress value={now.progress ?? 0} />
      </Empty>
    );
  }
  if (now.state === 'ready' && atlas.value === null) {
    return <p class="center-text" role="status"><span class="spinner" /> Fetching the analysis …</p>;
  }
  if (entries === 0) return <Empty title="The memory is empty" text="Add a class to begin." />;
  return (
    <Empty title={now.state === 'failed' ? 'The analysis failed' : title}
      text={now.state === 'failed'
        ? now.failure ?? 'The server gave no reason.'
        : `The analysis asks each of the ${count(entries)} entries what the others say to it, and lays them out.`}>
      <Act text={now.state === 'failed' ? 'Try again' : 'Analyse the memory'} look="primary" size=""
        act={startAnalysis} />
    </Empty>
  );
}

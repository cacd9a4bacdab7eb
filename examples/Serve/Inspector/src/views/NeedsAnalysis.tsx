// Licensed under the MIT License. See LICENSE in the project root for license information.

import { MapHint } from '../map/MapHint';

/** What a list shows before the analysis was made. */
export function NeedsAnalysis() {
  return <MapHint title="Not analysed yet" />;
}

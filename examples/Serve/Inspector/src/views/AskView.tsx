// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useSignal } from '@preact/signals';
import { ask, askAgain, clearAsked, inversion, isAsking, wasInverted } from '../ask';
import { asked, inspection } from '../state';
import { DropZone } from '../widgets/DropZone';
import { Empty } from '../widgets/Empty';
import { Icon } from '../widgets/Icon';
import { Pad } from './Pad';
import { Prediction } from './Prediction';

const largestPad = 64;
const noPicture = 'Its input is no picture, so there is nothing to drop here. Pick an entry on the map to see what the '
  + 'others say to it.';

/** Takes a picture and shows what the memory says to it. */
export function AskView() {
  const isDrawing = useSignal(false);
  const now = inspection.value;
  if (!now) return null;
  if (now.input === 'row') {
    return (
      <>
        <h2>Ask</h2>
        <Empty title="This memory takes rows" text={noPicture} />
      </>
    );
  }
  const shape = now.input === 'pixels' ? now.picture : null;
  const canDraw = shape != null && shape.width <= largestPad && shape.height <= largestPad;
  return (
    <>
      <div class="view-head">
        <h2>Ask</h2>
        {canDraw && (
          <div class="segments" role="group" aria-label="How to ask">
            <button type="button" class="segment" aria-pressed={!isDrawing.value}
              onClick={() => { isDrawing.value = false; }}><Icon name="upload" /> Picture</button>
            <button type="button" class="segment" aria-pressed={isDrawing.value}
              onClick={() => { isDrawing.value = true; }}><Icon name="pen" /> Draw</button>
          </div>
        )}
      </div>
      {canDraw && isDrawing.value
        ? <Pad shape={shape} onDrawn={canvas => void ask(canvas)} onClear={clearAsked} />
        : <DropZone isMany={false} text="Drop a picture here, paste one, or"
            onFiles={files => void ask(files[0])} />}
      {shape && <Inversion />}
      <div aria-live="polite" aria-busy={isAsking.value}>
        {asked.value
          ? (
            <>
              <div class="asked">
                <img class="asked-picture" src={asked.value.url} alt="The picture as the memory is asked"
                  width={72} height={72} />
                <p class="muted small-text">As the memory sees it{wasInverted.value && shape ? ', inverted' : ''}. Its
                  pin on the map stands at the mean of the neighbours, by share.</p>
                <button type="button" class="icon-button" aria-label="Clear the picture" title="Clear"
                  onClick={clearAsked}><Icon name="close" /></button>
              </div>
              <Prediction explanation={asked.value.explanation} title="Prediction" />
            </>
          )
          : isAsking.value
            ? <p class="center-text"><span class="spinner" /> Asking …</p>
            : <p class="muted hint">The memory answers with the entries that are most alike: they vote, and you see
                each of them with its share.</p>}
      </div>
    </>
  );
}

function Inversion() {
  const value = inversion.value === null ? 'auto' : inversion.value ? 'yes' : 'no';
  return (
    <fieldset class="choice">
      <legend>Invert</legend>
      {([['auto', 'As needed'], ['no', 'Never'], ['yes', 'Always']] as const).map(([each, text]) => (
        <label key={each}>
          <input type="radio" name="inversion" value={each} checked={value === each}
            onChange={() => {
              inversion.value = each === 'auto' ? null : each === 'yes';
              void askAgain();
            }} /> {text}
        </label>
      ))}
    </fieldset>
  );
}

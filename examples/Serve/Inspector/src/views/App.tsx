// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect } from 'preact/hooks';
import { takePaste } from '../ask';
import { MapPanel } from '../map/MapPanel';
import { failure, open, phase, selected } from '../state';
import { redo, undo } from '../undo';
import { Empty } from '../widgets/Empty';
import { AnalysisBar } from './AnalysisBar';
import { Header } from './Header';
import { Panel } from './Panel';
import { SignIn } from './SignIn';
import { Status } from './Status';

export function App() {
  useEffect(() => {
    addEventListener('keydown', onKeyDown);
    addEventListener('paste', takePaste);
    addEventListener('dragover', refuseDrop);
    addEventListener('drop', refuseDrop);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('paste', takePaste);
      removeEventListener('dragover', refuseDrop);
      removeEventListener('drop', refuseDrop);
    };
  }, []);
  return (
    <>
      <a class="skip" href="#panel" onClick={skip}>Skip to the panel</a>
      <Header />
      {phase.value === 'open' && <AnalysisBar />}
      <main class={`main main-${phase.value}`}>
        <Content />
      </main>
      <Status />
    </>
  );
}

function Content() {
  switch (phase.value) {
    case 'locked': return <SignIn />;
    case 'starting': return (
      <div class="card center" role="status"><span class="spinner" /> Reading the memory …</div>
    );
    case 'failed': return (
      <div class="card center">
        <Empty title="The memory cannot be shown" text={failure.value}>
          <button type="button" class="button primary" onClick={() => void open()}>Try again</button>
        </Empty>
      </div>
    );
    case 'open': return <><MapPanel /><Panel /></>;
  }
}

// the address must stay without a fragment, where a key may be given
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('panel')?.focus();
}

// a file that falls beside the place for it would open in this tab, and what can be undone would be gone
function refuseDrop(event: DragEvent): void {
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
}

function onKeyDown(event: KeyboardEvent): void {
  if (phase.value !== 'open') return;
  const isWriting = event.target instanceof HTMLInputElement && ['text', 'password'].includes(event.target.type);
  if (event.key === 'Escape' && selected.value !== null) {
    selected.value = null;
  } else if ((event.ctrlKey || event.metaKey) && !isWriting && !event.altKey) {
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) void undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) void redo();
    else return;
    event.preventDefault();
  }
}

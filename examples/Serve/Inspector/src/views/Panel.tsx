// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { tiny } from '../format';
import { selected, showTab, suspects, tab, type Tab } from '../state';
import { Icon } from '../widgets/Icon';
import { AskView } from './AskView';
import { CalibrationView } from './CalibrationView';
import { ClassesView } from './ClassesView';
import { EntryView } from './EntryView';
import { reach } from './reach';
import { SuspectsView } from './SuspectsView';
import { TrendView } from './TrendView';
import { TwinsView } from './TwinsView';

const tabs: readonly { id: Tab; name: string; view: () => preact.JSX.Element | null }[] = [
  { id: 'ask', name: 'Ask', view: AskView },
  { id: 'suspects', name: 'Suspects', view: SuspectsView },
  { id: 'twins', name: 'Twins', view: TwinsView },
  { id: 'classes', name: 'Classes', view: ClassesView },
  { id: 'trend', name: 'Trend', view: TrendView },
  { id: 'calibration', name: 'Calibration', view: CalibrationView },
];

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The side panel: a view at a time, and over it the selected entry. */
export function Panel() {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(each => each.id === tab.value);
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1
      : event.key in steps ? (at + steps[event.key] + tabs.length) % tabs.length : -1;
    if (next < 0) return;
    event.preventDefault();
    showTab(tabs[next].id);
    list.current?.querySelector<HTMLElement>(`#tab-${tabs[next].id}`)?.focus();
  };
  const View = tabs.find(each => each.id === tab.value)?.view ?? AskView;
  const hasEntry = selected.value !== null;
  return (
    <aside class="panel" aria-label="Panel">
      <div class="rail" role="tablist" aria-label="Views" ref={list} onKeyDown={onKeyDown}>
        {tabs.map(each => <TabButton key={each.id} id={each.id} name={each.name} />)}
      </div>
      <div class="panel-body card" role="tabpanel" id="panel" aria-labelledby={`tab-${tab.value}`} tabIndex={-1}>
        <FocusKeeper />
        {hasEntry && <EntryView id={selected.value ?? 0} key={selected.value} />}
        <div class="view" hidden={hasEntry}><View /></div>
      </div>
    </aside>
  );
}

function TabButton({ id, name }: { id: Tab; name: string }) {
  const isOn = tab.value === id;
  const found = id === 'suspects' ? suspects.value.length : 0;
  return (
    <button type="button" role="tab" id={`tab-${id}`} class="rail-button" aria-selected={isOn} aria-controls="panel"
      tabIndex={isOn ? 0 : -1} onClick={() => { showTab(id); reach('panel', false); }}>
      <Icon name={id} />
      <span class="rail-name">{name}</span>
      {found > 0 && <span class="badge"><span aria-hidden="true">{tiny(found)}</span>
        <span class="quiet-text">, {found} found</span></span>}
    </button>
  );
}

// closing an entry gives the focus back to where it was opened from
function FocusKeeper() {
  const opener = useRef<HTMLElement | null>(null);
  const id = selected.value;
  // before the browser takes the focus from what is hidden now
  useLayoutEffect(() => {
    if (id !== null) {
      opener.current ??= document.activeElement instanceof HTMLElement ? document.activeElement : null;
      return;
    }
    if (opener.current && document.activeElement === document.body) {
      opener.current.focus({ preventScroll: true });
      // where it is gone, its place is at least near
      if (document.activeElement === document.body) document.getElementById('panel')?.focus({ preventScroll: true });
    }
    opener.current = null;
  }, [id]);
  return null;
}

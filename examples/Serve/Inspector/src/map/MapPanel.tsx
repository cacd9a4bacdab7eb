// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { classColor, classNames, shownClasses } from '../classes';
import { asked, atlas, edits, selected, select } from '../state';
import { isDark, isStill } from '../theme';
import { Icon } from '../widgets/Icon';
import { EntryTable } from '../views/EntryTable';
import { MapController } from './controller';
import { MapHint } from './MapHint';
import { Legend } from './Legend';
import { centersOf, layOut, placeOf, placesOf, type MapView } from './layout';
import type { Point } from './overlay';
import { Tooltip } from './Tooltip';
import { reach } from '../views/reach';

const stepPixels = 60;
const font = '700 15px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

const tones = (isDarkNow: boolean) => isDarkNow
  ? { ground: '#10151c', ink: '#f2f5f8', faint: '#2b3440', accent: '#ffd166', font }
  : { ground: '#fbfaf7', ink: '#16202c', faint: '#dcdad3', accent: '#a3195b', font };

/** The memory as a landscape: similar entries lie side by side. */
export function MapPanel() {
  const view = useSignal<MapView>('map');
  const isList = useSignal(false);
  const current = atlas.value;
  return (
    <section class="map card" aria-labelledby="map-title" tabIndex={-1}>
      <header class="map-bar">
        <h2 id="map-title">Map</h2>
        {current && <ViewSwitch view={view.value} hasMap={current.map !== null} isList={isList.value}
          onView={next => { view.value = next; isList.value = false; }} onList={() => { isList.value = true; }} />}
      </header>
      {current === null || current.count === 0
        ? <MapHint />
        : isList.value
          ? <EntryTable />
          : <MapCanvas view={view.value} />}
      {current && <Legend />}
    </section>
  );
}

function ViewSwitch({ view, hasMap, isList, onView, onList }: {
  view: MapView; hasMap: boolean; isList: boolean; onView: (view: MapView) => void; onList: () => void;
}) {
  const button = (text: string, isOn: boolean, act: () => void, isOff = false) => (
    <button type="button" class="segment" aria-pressed={isOn} disabled={isOff} onClick={act}>{text}</button>
  );
  return (
    <div class="segments" role="group" aria-label="What the map shows">
      {button('Neighbours', !isList && view === 'map', () => onView('map'), !hasMap)}
      {button('PCA', !isList && (view === 'principal' || !hasMap), () => onView('principal'))}
      {button('List', isList, onList)}
    </div>
  );
}

function MapCanvas({ view }: { view: MapView }) {
  const back = useRef<HTMLCanvasElement>(null);
  const surface = useRef<HTMLCanvasElement>(null);
  const controller = useRef<MapController | null>(null);
  const hovered = useSignal<{ row: number; at: Point } | null>(null);
  const current = atlas.value;
  const layout = useMemo(() => current && layOut(placesOf(current, view)), [current, view]);
  const centers = useMemo(
    () => current && layout ? centersOf(current, layout, classNames.value.length) : [],
    [current, layout, edits.value, classNames.value]);

  useLayoutEffect(() => {
    if (!back.current || !surface.current) return undefined;
    const made = new MapController(back.current, surface.current, {
      hovered: (row, at) => { hovered.value = row === null ? null : { row, at }; },
      picked: row => {
        select(atlas.peek()?.ids[row] ?? null);
        reach('panel');
      },
    });
    controller.current = made;
    return () => made.close();
  }, []);

  // before the frame is painted, so that the map never lags behind the rest of the page
  useLayoutEffect(() => {
    if (!current || !layout) return;
    const chosen = selected.value === null ? null : current.rowOf.get(selected.value) ?? null;
    const explanation = asked.value?.explanation;
    controller.current?.show({
      atlas: current,
      layout,
      centers,
      names: classNames.value,
      colors: classNames.value.map((_, index) => classColor(index)),
      shown: shownClasses.value,
      tones: tones(isDark.value),
      selected: chosen !== null && current.gone[chosen] ? null : chosen,
      asked: explanation ? placeOf(explanation, current, layout) : null,
      threads: (explanation?.neighbors ?? []).slice(0, 20).flatMap(({ id, share }) => {
        const row = current.rowOf.get(id);
        return row === undefined ? [] : [{ row, share }];
      }),
      isStill: isStill.value,
    });
  }, [current, layout, centers, edits.value, classNames.value, shownClasses.value, isDark.value, isStill.value,
    selected.value, asked.value]);

  useSignalEffect(() => {
    const row = selected.value === null ? undefined : atlas.peek()?.rowOf.get(selected.value);
    if (row !== undefined) controller.current?.reveal(row);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !controller.current) return;
    if (handleKey(controller.current, event)) event.preventDefault();
  };
  const said = useComputed(() => selected.value === null ? 'No entry is selected.'
    : `Entry ${selected.value} is selected.`);

  return (
    <div class="map-stage">
      <canvas ref={back} class="map-layer" aria-hidden="true" />
      <canvas ref={surface} class="map-layer map-surface" tabIndex={0} role="application"
        aria-label="Map of the memory" aria-describedby="map-keys" onKeyDown={onKeyDown} />
      <p id="map-keys" class="quiet-text">
        Plus and minus zoom, arrows pan, 0 shows all, Shift with an arrow selects the next entry on that side.
        {' '}{said} The same entries are in the list view.
      </p>
      {hovered.value && <Tooltip row={hovered.value.row} at={hovered.value.at} />}
      <div class="map-zoom" role="group" aria-label="Zoom">
        <ZoomButton name="Zoom in" icon="plus" act={() => controller.current?.zoomBy(1.5)} />
        <ZoomButton name="Zoom out" icon="minus" act={() => controller.current?.zoomBy(1 / 1.5)} />
        <ZoomButton name="Show all" icon="fit" act={() => controller.current?.reset()} />
      </div>
    </div>
  );
}

function ZoomButton({ name, icon, act }: { name: string; icon: 'plus' | 'minus' | 'fit'; act: () => void }) {
  return <button type="button" class="icon-button" aria-label={name} title={name} onClick={act}><Icon name={icon} />
  </button>;
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

function handleKey(map: MapController, event: KeyboardEvent): boolean {
  const arrow = arrows[event.key];
  if (arrow && event.shiftKey) {
    const row = selected.value === null ? null : atlas.value?.rowOf.get(selected.value) ?? null;
    const next = map.beside(row, arrow[0], arrow[1]);
    if (next !== null) select(atlas.value?.ids[next] ?? null);
  } else if (arrow) map.panBy(-arrow[0] * stepPixels, -arrow[1] * stepPixels);
  else if (event.key === '+' || event.key === '=') map.zoomBy(1.5);
  else if (event.key === '-') map.zoomBy(1 / 1.5);
  else if (event.key === '0') map.reset();
  else return false;
  return true;
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, api, sentenceOf } from '../api';
import { isUnreliable, isWrong } from '../atlas';
import { nameOf, relabel, remove } from '../changes';
import { classIndex } from '../classes';
import type { StoredEntry } from '../contract';
import { decimal, percent } from '../format';
import { atlas, edits, fail, inspection, select } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Empty } from '../widgets/Empty';
import { Icon } from '../widgets/Icon';
import { LabelPicker } from '../widgets/LabelPicker';
import { Picture } from '../widgets/Picture';
import { Prediction } from './Prediction';
import { reach } from './reach';

function close(): void {
  select(null);
  reach('map');
}

type Answer = { entry: StoredEntry } | { problem: string } | null;

/** One entry: what it is, what the others say to it, and what can be done with it. */
export function EntryView({ id }: { id: number }) {
  const [answer, setAnswer] = useState<Answer>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const now = edits.value;

  useEffect(() => {
    let isOver = false;
    api.entry(id).then(
      entry => { if (!isOver) setAnswer({ entry }); },
      (error: unknown) => {
        if (isOver) return;
        if (error instanceof ApiError && error.isKeyProblem) fail(error);
        else setAnswer({ problem: sentenceOf(error) });
      });
    return () => { isOver = true; };
  }, [id, now]);

  useEffect(() => {
    // the map and the lists keep the focus, so that the keys go on working there
    const held = document.activeElement;
    if (held === document.body || held?.closest('.panel')) heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <section class="entry" aria-labelledby="entry-title">
      <div class="view-head">
        <button type="button" class="button small" onClick={close}><Icon name="back" /> Back</button>
        <h2 id="entry-title" ref={heading} tabIndex={-1}>Entry {id}</h2>
        {inspection.value?.isWritable && answer !== null && 'entry' in answer && (
          <button type="button" class="button small danger" onClick={() => void remove(id)}>
            <Icon name="trash" /> Remove</button>
        )}
      </div>
      {answer === null
        ? <p class="center-text" role="status"><span class="spinner" /> Reading the entry …</p>
        : 'problem' in answer
          ? <Empty title="This entry cannot be shown" text={answer.problem} />
          : <Details entry={answer.entry} />}
    </section>
  );
}

function Details({ entry }: { entry: StoredEntry }) {
  const isWritable = inspection.value?.isWritable ?? false;
  return (
    <>
      <div class="entry-top">
        <Picture id={entry.id} size={112} alt={`Picture of entry ${entry.id}`} />
        <Facts entry={entry} />
      </div>
      {isWritable && (
        <LabelPicker current={entry.label} label="Another class" verb="Relabel"
          onPick={label => void relabel(entry.id, entry.label, label)} />
      )}
      {entry.explanation
        ? <Prediction explanation={entry.explanation} title="What the others say" />
        : <p class="muted">This memory does not vote by neighbours, so there is no explanation.</p>}
    </>
  );
}

function Facts({ entry }: { entry: StoredEntry }) {
  const current = atlas.value;
  const row = current?.rowOf.get(entry.id);
  const own = row === undefined ? undefined : current?.ownScore?.[row];
  return (
    <dl class="entry-facts">
      <div><dt>Class</dt><dd><ClassMark index={classIndex(entry.label)} /> <strong>{entry.label}</strong></dd></div>
      {entry.weight != null && entry.weight !== 1 && <div><dt>Weight</dt><dd>{decimal(entry.weight)}</dd></div>}
      {own !== undefined && <div><dt>Score of its class</dt><dd class="number">{percent(own)}</dd></div>}
      {current && row !== undefined && (
        <div><dt>Advice to others</dt>
          <dd>{current.correct[row]} right, {current.wrong[row]} wrong</dd></div>
      )}
      {current && row !== undefined && (isWrong(current, row) || isUnreliable(current, row)) && (
        <div><dt>Marks</dt><dd class="flags">
          {isWrong(current, row) && <span class="flag">✕ others say{' '}
            {(current.predicted?.[row] ?? -1) < 0 ? 'no class' : nameOf(current.predicted?.[row] ?? 0)}</span>}
          {isUnreliable(current, row) && <span class="flag">◯ misleads others</span>}
        </dd></div>
      )}
    </dl>
  );
}

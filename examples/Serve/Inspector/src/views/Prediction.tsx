// Licensed under the MIT License. See LICENSE in the project root for license information.

import { classColor, classIndex } from '../classes';
import type { Explanation } from '../contract';
import { decimal, percent, plural } from '../format';
import { select } from '../state';
import { ClassMark } from '../widgets/ClassMark';
import { Picture } from '../widgets/Picture';
import { ShareBar } from '../widgets/ShareBar';

const mostScores = 4;

/** What the memory predicts, how sure it is, and because of which entries. */
export function Prediction({ explanation, title }: { explanation: Explanation; title: string }) {
  const { label, scores, neighbors } = explanation;
  const best = scores.find(each => each.class === label) ?? scores[0];
  const rivals = scores.filter(each => each !== best && each.score > 0).slice(0, mostScores - 1);
  return (
    <section class="prediction" aria-label={title}>
      <div class="verdict">
        <span class="eyebrow">{title}</span>
        <strong class="verdict-label">
          {label == null ? 'No class' : <><ClassMark index={classIndex(label)} /> {label}</>}
        </strong>
        {best && <Confidence value={best.score} />}
      </div>
      {rivals.length > 0 && (
        <ul class="rivals">
          {rivals.map(each => (
            <li key={each.class}>
              <span class="name"><ClassMark index={classIndex(each.class)} /> {each.class}</span>
              <ShareBar share={each.score} label={`Score of ${each.class}`}
                color={classColor(classIndex(each.class))} />
            </li>
          ))}
        </ul>
      )}
      <h3>Because of {plural(neighbors.length, 'neighbour')}</h3>
      <ol class="neighbors">
        {neighbors.map(each => (
          <li key={each.id}>
            <button type="button" class="neighbor" onClick={() => select(each.id)}>
              <span class="quiet-text">Entry {each.id}</span>
              <Picture id={each.id} size={64} />
              <span class="neighbor-label"><ClassMark index={classIndex(each.label)} /> {each.label}</span>
              <ShareBar share={each.share} label="Share of the vote" color={classColor(classIndex(each.label))} />
              <span class="muted small-text">{each.distance == null ? 'far' : `at ${decimal(each.distance)}`}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The confidence as a bar and a number. */
function Confidence({ value }: { value: number }) {
  return (
    <div class="confidence">
      <span class="confidence-number number">{percent(value)}</span>
      <div class="confidence-track" role="meter" aria-label="Confidence" aria-valuemin={0} aria-valuemax={100}
        aria-valuenow={Math.round(value * 1000) / 10}>
        <div class="confidence-fill" style={{ width: `${Math.min(100, value * 100)}%` }} />
      </div>
      <span class="muted small-text">confidence</span>
    </div>
  );
}

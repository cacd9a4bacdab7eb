// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useId, useState } from 'preact/hooks';
import { classNames } from '../classes';

interface Props { current: string | null; verb: string; label: string; onPick: (label: string) => void }

/** Chooses a class that there is, or names a new one. */
export function LabelPicker({ current, verb, label, onPick }: Props) {
  const [text, setText] = useState('');
  const id = useId();
  const given = text.trim();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!given || given === current) return;
    onPick(given);
    setText('');
  };
  return (
    <form class="label-picker" onSubmit={submit}>
      <label for={id}>{label}</label>
      <div class="field-row">
        <input id={id} list={`${id}-names`} value={text} autocomplete="off" placeholder="Existing or new class"
          maxLength={200} onInput={event => setText(event.currentTarget.value)} />
        <datalist id={`${id}-names`}>
          {classNames.value.filter(name => name !== current).map(name => <option key={name} value={name} />)}
        </datalist>
        <button type="submit" class="button" disabled={!given || given === current}>
          {given && !classNames.value.includes(given) ? `${verb} as new class` : verb}
        </button>
      </div>
    </form>
  );
}

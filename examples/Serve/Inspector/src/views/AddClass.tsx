// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useId, useState } from 'preact/hooks';
import { classNames } from '../classes';
import { plural } from '../format';
import { chosen, chosenName, teach, teaching } from '../teach';
import { DropZone } from '../widgets/DropZone';
import { Icon } from '../widgets/Icon';

/** Teaches a class by a few pictures. */
export function AddClass() {
  const files = chosen.value;
  const name = chosenName.value;
  const id = useId();
  const working = teaching.value;
  const given = name.trim();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!given || files.length === 0 || working) return;
    const added = await teach(files, given);
    // those that are in the memory must not be added once more
    chosen.value = chosen.value.filter(each => !files.slice(0, added).includes(each));
    if (added === files.length) chosenName.value = '';
  };
  return (
    <section class="add-class" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>Add a class</h3>
      <p class="muted small-text">Drop a few pictures and name them. The memory knows them at once: nothing is
        trained.</p>
      <DropZone isMany text="Drop pictures here, or" onFiles={more => { chosen.value = [...chosen.value, ...more]; }} />
      {files.length > 0 && (
        <Chosen files={files}
          onDrop={index => { chosen.value = chosen.value.filter((_, each) => each !== index); }} />
      )}
      <form class="field-row" onSubmit={event => void submit(event)}>
        <label class="quiet-text" for={id}>Name of the class</label>
        <input id={id} list={`${id}-names`} placeholder="Name of the class" autocomplete="off" maxLength={200}
          value={name} onInput={event => { chosenName.value = event.currentTarget.value; }} />
        <datalist id={`${id}-names`}>{classNames.value.map(each => <option key={each} value={each} />)}</datalist>
        <button type="submit" class="button primary" disabled={!given || files.length === 0 || working !== null}>
          {files.length === 0 ? 'Add' : `Add ${plural(files.length, 'picture')}`}</button>
      </form>
      {working && (
        <p role="status"><progress class="progress" max={working.total} value={working.done} aria-label="Adding" />
          {' '}{working.done} of {working.total}</p>
      )}
    </section>
  );
}

function Chosen({ files, onDrop }: { files: readonly File[]; onDrop: (index: number) => void }) {
  return (
    <ul class="chosen">
      {files.map((file, index) => (
        <li key={`${file.name}-${index}`}><FilePicture file={file} />
          <button type="button" class="icon-button" aria-label={`Leave out ${file.name}`} onClick={() => onDrop(index)}>
            <Icon name="close" /></button></li>
      ))}
    </ul>
  );
}

function FilePicture({ file }: { file: File }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url ? <img src={url} alt={file.name} width={48} height={48} /> : null;
}

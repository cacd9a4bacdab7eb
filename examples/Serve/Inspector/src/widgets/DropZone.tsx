// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useId, useState } from 'preact/hooks';
import { tell } from '../state';
import { Icon } from './Icon';

interface Props { isMany: boolean; text: string; onFiles: (files: File[]) => void }

/** Takes picture files by drop or by choice. */
export function DropZone({ isMany, text, onFiles }: Props) {
  const [isOver, setOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null | undefined): void => {
    const pictures = [...files ?? []].filter(file => file.type.startsWith('image/'));
    if (pictures.length > 0) onFiles(isMany ? pictures : pictures.slice(0, 1));
    else tell('What is dropped must be a file of a picture. It is not.', true);
  };
  return (
    <div class={`drop ${isOver ? 'drop-over' : ''}`}
      onDragOver={event => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={event => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files); }}>
      <Icon name="upload" />
      <span>{text}{' '}
        <label for={id} class="link">choose {isMany ? 'files' : 'a file'}</label>
        <input id={id} class="quiet-input" type="file" accept="image/*" multiple={isMany}
          onChange={event => {
            if (event.currentTarget.files?.length) take(event.currentTarget.files);
            event.currentTarget.value = '';
          }} />
      </span>
    </div>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useRef, useState } from 'preact/hooks';
import { keepKey } from '../session';
import { failure, open } from '../state';
import { Icon } from '../widgets/Icon';

/** Asks for the API key. */
export function SignIn() {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    keepKey(text.trim());
    void open();
  };
  return (
    <form class="card sign-in" onSubmit={submit} aria-labelledby="sign-in-title">
      <Icon name="lock" />
      <h2 id="sign-in-title">This memory is locked</h2>
      <p>The inspector shows what is stored and changes it. It needs the API key that the server was started with.</p>
      <label for="api-key">API key</label>
      <input id="api-key" ref={input} type="password" autocomplete="off" required value={text}
        aria-invalid={failure.value !== ''} aria-describedby={failure.value ? 'api-key-problem' : undefined}
        onInput={event => setText(event.currentTarget.value)} />
      {failure.value && <p class="problem" id="api-key-problem" role="alert">{failure.value}</p>}
      <button type="submit" class="button primary" disabled={text.trim() === ''}>Open</button>
      <p class="muted">It is kept in this tab only, until the tab is closed.</p>
    </form>
  );
}

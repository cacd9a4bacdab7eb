// Licensed under the MIT License. See LICENSE in the project root for license information.

import { render } from 'preact';
import { effect } from '@preact/signals';
import { showIcon } from './icon';
import { takeKey, key } from './session';
import { failure, open, phase } from './state';
import './theme';
import { App } from './views/App';

takeKey();
showIcon();
const root = document.getElementById('app');
if (root) render(<App />, root);

if (key.value) {
  void open();
} else {
  failure.value = '';
  phase.value = 'locked';
}

// an address with another key may be put into the tab that is open
addEventListener('hashchange', () => {
  if (!location.hash) return;
  takeKey();
  if (key.value) void open();
});

// the title tells tabs of several servers apart
effect(() => { document.title = phase.value === 'locked' ? 'Memory inspector · locked' : 'Memory inspector'; });

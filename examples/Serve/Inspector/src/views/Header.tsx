// Licensed under the MIT License. See LICENSE in the project root for license information.

import { plural } from '../format';
import { forgetKey } from '../session';
import { inspection, isOnline, phase } from '../state';
import { theme, type Theme } from '../theme';
import { isChanging, redo, redoTitle, undo, undoTitle } from '../undo';
import { Icon, type IconName } from '../widgets/Icon';

const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const themeIcon: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' };

/** What is looked at, and what is true of the whole page. */
export function Header() {
  const now = phase.value === 'open' ? inspection.value : null;
  return (
    <header class="header">
      <h1>
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="9" cy="11" r="4" /><path d="M23 5l5 8H18z" /><rect x="6" y="20" width="7" height="7" />
          <circle class="stroke" cx="22" cy="22" r="5.5" />
        </svg>
        <span><span class="wide-only">Memory </span><span class="last-word">inspector</span></span>
      </h1>
      {now && (
        <dl class="facts">
          <Fact name="Kind" value={now.kind} />
          <Fact name="Holds" value={`${plural(now.entryCount, 'entry', 'entries')}`} />
          <Fact name="Of" value={plural(now.classes.filter(each => each.count > 0).length, 'class', 'classes')} />
          <Fact name="Metric" value={`${now.metric}, ${plural(now.dimension, 'dimension')}`} />
          <Fact name="Version" value={now.version.slice(0, 8)} title={now.version} />
        </dl>
      )}
      <div class="header-actions">
        {now && <Connection isWritable={now.isWritable} />}
        {now?.isWritable && (
          <div class="pair" role="group" aria-label="Changes">
            <StepButton name="Undo" title={undoTitle.value} icon="undo" act={undo} />
            <StepButton name="Redo" title={redoTitle.value} icon="redo" act={redo} />
          </div>
        )}
        <button type="button" class="icon-button" title={`Theme: ${theme.value}`}
          aria-label={`Theme: ${theme.value}. Switch to ${nextTheme[theme.value]}.`}
          onClick={() => { theme.value = nextTheme[theme.value]; }}><Icon name={themeIcon[theme.value]} /></button>
        {now && (
          <button type="button" class="icon-button" title="Lock: forget the key" aria-label="Lock: forget the key"
            onClick={() => { forgetKey(); location.reload(); }}><Icon name="lock" /></button>
        )}
      </div>
    </header>
  );
}

function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return <div class="fact"><dt>{name}</dt><dd title={title}>{value}</dd></div>;
}

function Connection({ isWritable }: { isWritable: boolean }) {
  const text = !isOnline.value ? 'Offline' : isWritable ? 'Live' : 'Read only';
  return <span class={`pill ${isOnline.value ? 'pill-good' : 'pill-bad'}`} role="status">{text}</span>;
}

function StepButton({ name, title, icon, act }: {
  name: string; title: string | null; icon: IconName; act: () => Promise<boolean>;
}) {
  const isOff = title === null || isChanging.value; // not disabled, which would take the focus from it
  const text = title === null ? `Nothing to ${name.toLowerCase()}` : `${name}: ${title}`;
  return (
    <button type="button" class="button small" title={text} aria-disabled={isOff}
      onClick={() => { if (!isOff) void act(); }}><Icon name={icon} /> <span class="button-text">{name}</span></button>
  );
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

import assert from 'node:assert/strict';
import { drop, mapReady, pictureOf, tab } from './site.mjs';
import { Tiny } from './tiny.mjs';

const said = (page, text) => page.locator('#status').filter({ hasText: text }).waitFor();
const rows = page => page.getByRole('list', { name: /Suspects/ }).getByRole('listitem');
const zone = page => page.locator('.view:not([hidden]) .drop');
const undo = page => page.keyboard.press('Control+z');
const lookAgain = page => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
const blank = Array(784).fill(0);

async function suspects(site, server, options) {
  const page = await server.open(site, options);
  await mapReady(page);
  await tab(page, 'Suspects').click();
  await rows(page).first().waitFor();
  return page;
}

const act = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Waits until the focus is there: views move it once they are drawn. Without a name, anywhere but the page. */
const focusIs = (page, name) => page.waitForFunction(expected => {
  const held = document.activeElement;
  const found = held.dataset.index !== undefined ? `row ${held.dataset.index}` : held.id || held.textContent.trim();
  return expected === undefined ? held !== document.body : found === expected;
}, name);

/** Waits until the focus is on what a selector finds. */
const focusMatches = (page, selector) =>
  page.waitForFunction(expected => document.activeElement.matches(expected), selector);

export const oddScenarios = {
  async model_that_takes_over_leaves_nothing_of_the_former(site) {
    const server = new Tiny(['a', 'a', 'b', 'b']);
    const page = await suspects(site, server);
    await act(page, 'Relabel entry 0 as b');
    await said(page, 'Relabelled entry 0 from a to b.');
    const pictures = () => server.asked.filter(each => each === 'GET inspect/entries/1/picture').length;
    await page.locator('.row .picture-shown').nth(1).waitFor();
    const before = pictures();
    Object.assign(server, { version: 'b2', sequence: 9, asked: [] });
    server.result = server.analysed();
    await undo(page);
    await page.getByRole('button', { name: 'Nothing to undo' }).or(page.getByTitle('Nothing to undo')).waitFor();
    assert.deepEqual(server.asked.filter(each => each.startsWith('PUT')), []);
    await page.getByRole('button', { name: 'Analyse the memory' }).first().waitFor();
    await lookAgain(page);
    await rows(page).first().waitFor();
    await page.locator('.row .picture-shown').nth(1).waitFor();
    assert.ok(before > 0 && pictures() > 0, 'pictures of the former model are shown');
    assert.deepEqual(server.failures, []);
  },

  async undo_that_is_refused_blocks_none_before_it(site) {
    const server = new Tiny(['a', 'a', 'b', 'b', 'c']);
    const page = await suspects(site, server);
    await act(page, 'Relabel entry 0 as b');
    await said(page, 'Relabelled entry 0');
    await act(page, 'Remove entry 1');
    await said(page, 'Removed entry 1.');
    server.change(() => server.entries.set(1, { label: 'c', features: [] }));
    await undo(page);
    await said(page, 'Id 1 must be free. It is taken.');
    await undo(page);
    await said(page, 'Undone: Relabelled entry 0');
    assert.equal(server.entries.get(0).label, 'a');
    server.change(() => server.entries.delete(1));
    await undo(page);
    await said(page, 'Undone: Removed entry 1.');
    assert.equal(server.entries.get(1).label, 'a');
    await act(page, 'Relabel entry 2 as c');
    await said(page, 'Relabelled entry 2');
    server.change(() => server.entries.delete(2));
    await undo(page);
    await said(page, 'This change can no longer be undone: Relabelled entry 2 from b to c.');
    await page.getByTitle('Nothing to undo').waitFor();
  },

  async undo_overwrites_no_change_of_somebody_else(site) {
    const server = new Tiny(['a', 'a', 'b', 'b', 'c']);
    const page = await suspects(site, server);
    await act(page, 'Relabel entry 0 as b');
    await said(page, 'Relabelled entry 0');
    server.change(() => { server.entries.get(0).label = 'c'; });
    await undo(page);
    await said(page, 'Entry 0 must be of class b. It is of c.');
    assert.equal(server.entries.get(0).label, 'c');
  },

  async adding_and_its_undo_go_on_where_they_stopped(site) {
    const server = new Tiny(['a', 'a', 'b']);
    const page = await suspects(site, server);
    await tab(page, 'Classes').click();
    await drop(page, zone(page), ['1', '2', '3'].map(name => pictureOf(blank, name)));
    await page.getByLabel('Name of the class').fill('new');
    let calls = 0;
    server.refuse = call => call === 'POST examples' && ++calls === 2 ? [503, 'The memory must be open.'] : null;
    await act(page, 'Add 3 pictures');
    await said(page, 'Added 1 of 3. 2: The memory must be open.');
    server.refuse = () => null;
    await act(page, 'Add 2 pictures');
    await said(page, 'Added 2 pictures of new.');
    assert.equal(server.entries.size, 6);
    let isOver = false;
    server.refuse = call => call === 'DELETE examples/5' && !isOver ? [503, 'The memory must be open.'] : null;
    await page.locator('#tab-classes').focus();
    await undo(page);
    await said(page, 'The memory must be open.');
    assert.equal(server.entries.size, 5);
    isOver = true;
    await undo(page);
    await said(page, 'Undone: Added 2 pictures of new.');
    assert.equal(server.entries.size, 4);
    await page.keyboard.press('Control+y');
    await said(page, 'Done again: Added 2 pictures of new.');
    assert.deepEqual([...server.entries.keys()].sort(), [0, 1, 2, 3, 4, 5]);
  },

  async key_that_is_revoked_is_asked_for_again(site) {
    const server = new Tiny(['a', 'a', 'b']);
    const page = await suspects(site, server);
    let key = 'other';
    server.refuse = (_, request) =>
      request.headers().authorization === `Bearer ${key}` ? null : [401, 'The key must be right.'];
    await act(page, 'Relabel entry 0 as b');
    await page.getByRole('alert').filter({ hasText: 'The key must be right.' }).waitFor();
    await focusIs(page, 'api-key');
    await page.getByLabel('API key').fill('ключ');
    await act(page, 'Open');
    await page.getByRole('alert').filter({ hasText: 'The API key must be of ASCII characters. It is not.' }).waitFor();
    await page.getByLabel('API key').fill('other');
    await act(page, 'Open');
    await mapReady(page);
    key = 'a+third';
    await page.evaluate(() => { location.hash = '#key=a+third'; });
    await page.waitForFunction(() => location.hash === '');
    await mapReady(page);
    assert.ok(!page.url().includes('third'));
    await act(page, 'Relabel entry 0 as b');
    await said(page, 'Relabelled entry 0');
  },

  async page_below_a_folder_asks_below_it(site) {
    const server = new Tiny(['a', 'a', 'b']);
    const page = await suspects(site, server, { base: '/tools/memory/' });
    await page.locator('.row .picture-shown').first().waitFor();
    assert.deepEqual(server.asked.filter(each => each.includes('/v1/')), []);
  },

  async focus_stays_where_the_work_is(site) {
    const server = new Tiny(['a', 'a', 'b', 'b', 'c', 'c']);
    const page = await suspects(site, server);
    await rows(page).nth(1).focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'entry-title');
    await page.locator('.neighbor').first().click();
    await page.getByText('What the others say').waitFor();
    await page.keyboard.press('Escape');
    await focusIs(page, 'row 1');
    await page.getByRole('button', { name: 'Remove entry 1' }).press('Enter');
    await said(page, 'Removed entry 1.');
    await focusIs(page, 'row 1');
    await page.getByTitle(/^Undo: /).press('Enter');
    await said(page, 'Undone: Removed entry 1.');
    await focusIs(page, 'Undo');
    await rows(page).first().press('Enter');
    await page.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
    await said(page, 'Removed entry 0.');
    await focusIs(page);
  },

  async focus_stays_by_an_analysis_that_is_started_and_stopped(site) {
    const server = new Tiny(['a', 'a', 'b']);
    server.state = 'none';
    Object.assign(server.answers, {
      'GET inspect/analysis': () => ({ state: server.state, sequence: 1, stage: 'reading', progress: 0.1 }),
      'POST inspect/analysis': () => ({ state: server.state = 'working', stage: 'reading', progress: 0 }),
      'DELETE inspect/analysis': () => ({ state: server.state = 'none' }) });
    const page = await server.open(site);
    const press = name => page.getByRole('button', { name }).press('Enter');
    await press('Analyse the memory');
    await focusMatches(page, 'section.analysis');
    await press('Stop');
    await focusMatches(page, 'section.map');
    await page.keyboard.press('Tab');
    await focusIs(page, 'Analyse the memory');
    await tab(page, 'Suspects').click();
    await page.locator('#panel').getByRole('button', { name: 'Analyse the memory' }).press('Enter');
    await focusMatches(page, '#panel');
    await page.getByRole('button', { name: 'Stop' }).focus();
    server.state = 'ready';
    await mapReady(page);
    await focusMatches(page, 'section.map');
    server.change(() => server.entries.delete(0));
    server.state = 'none';
    await lookAgain(page);
    await press('Analyse again');
    await focusIs(page, 'Stop');
    await press('Stop');
    await focusIs(page, 'Analyse again');
    assert.deepEqual(server.failures, []);
  },

  async pictures_to_teach_with_outlive_another_view(site) {
    const server = new Tiny(['a', 'a', 'b']);
    const page = await server.open(site);
    await mapReady(page);
    await tab(page, 'Classes').click();
    await drop(page, zone(page), ['1', '2'].map(name => pictureOf(blank, name)));
    await page.getByLabel('Name of the class').fill('new');
    await tab(page, 'Trend').click();
    await page.getByRole('heading', { name: 'Trend' }).waitFor();
    await tab(page, 'Classes').click();
    await page.locator('.chosen img').nth(1).waitFor();
    await act(page, 'Add 2 pictures');
    await tab(page, 'Trend').click(); // while they are added
    await said(page, 'Added 2 pictures of new.');
    await tab(page, 'Classes').click();
    assert.equal(await page.locator('.chosen img').count(), 0);
    assert.equal(await page.getByLabel('Name of the class').inputValue(), '');
    assert.equal(server.entries.size, 5);
  },

  async memories_of_hardly_any_entries_are_shown(site) {
    for (const count of [0, 1, 2]) {
      const server = new Tiny(Array(count).fill('only'));
      const page = await server.open(site);
      for (const view of ['Suspects', 'Twins', 'Classes', 'Trend', 'Calibration', 'Ask']) await tab(page, view).click();
      if (count > 0) await page.locator('canvas.map-surface').press('Shift+ArrowRight');
      else await page.getByRole('heading', { name: 'The memory is empty' }).waitFor();
      server.change(() => server.entries.set(7, { label: 'more', features: Array(64).fill(9) }));
      await lookAgain(page);
      await page.getByRole('button', { name: 'Analyse again' }).click();
      await mapReady(page);
      await page.locator('canvas.map-surface').press('Escape');
      await page.waitForFunction(() => {
        const canvas = document.querySelector('canvas.map-layer');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const pixels = new Uint32Array(data.buffer);
        return pixels.some(each => each !== pixels[0]);
      });
      assert.deepEqual(server.failures, []);
    }
  },

  async adaptive_memory_offers_only_what_it_can_do(site) {
    const server = new Tiny(['a', 'a', 'b'], {
      inspect: { kind: 'adaptive memory' },
      result: { predicted: null, ownScore: null, confidence: null, calibration: null } });
    const relabelled = server.ofEntry;
    server.ofEntry = function (method, id, part, body) {
      const answer = relabelled.call(this, method, id, part, body);
      if (part !== '/label' || answer.id === undefined) return answer;
      this.entries.set(id + 100, this.entries.get(id));
      this.entries.delete(id);
      return { id: id + 100 };
    };
    const page = await suspects(site, server);
    page.on('dialog', dialog => dialog.accept());
    await act(page, 'Remove entry 1');
    await said(page, 'Removed entry 1.');
    await page.getByTitle('Nothing to undo').waitFor();
    await act(page, 'Open entry 0');
    await page.getByLabel('Another class').fill('b');
    await act(page, 'Relabel');
    await said(page, 'Relabelled entry 0 from a to b.');
    await page.getByRole('heading', { name: 'Entry 100' }).waitFor();
    await page.locator('#tab-suspects').focus();
    await undo(page);
    await said(page, 'Undone: Relabelled entry 0');
    assert.equal(server.entries.get(200).label, 'a');
    await tab(page, 'Calibration').click();
    await page.getByRole('heading', { name: 'No calibration' }).waitFor();
  },

  async memory_that_is_read_only_offers_no_change(site) {
    const server = new Tiny(['a', 'a', 'b'], { inspect: { isWritable: false, sequence: 0 } });
    const page = await suspects(site, server);
    await page.getByText('Read only').waitFor();
    await act(page, 'Open entry 0');
    await page.getByText('What the others say').waitFor();
    assert.equal(await page.getByRole('button', { name: /Remove|Relabel|Keep|Undo|Redo/ }).count(), 0);
    await page.keyboard.press('Escape');
    await rows(page).first().press('Delete');
    assert.deepEqual(server.asked.filter(each => /^(PUT|DELETE)/.test(each)), []);
  },

  async ids_are_exact_or_left_alone(site) {
    const server = new Tiny(['a', 'a', 'b']);
    server.entries.set(-3, server.entries.get(0));
    server.entries.set(2 ** 53, server.entries.get(1));
    server.entries.delete(0);
    server.result = server.analysed();
    const page = await suspects(site, server);
    await act(page, 'Remove entry -3');
    await said(page, 'Removed entry -3.');
    await act(page, `Remove entry ${2 ** 53}`);
    await said(page, 'The id of an entry must be below 2^53 to be asked for by this page. It is not.');
    assert.equal(server.entries.size, 3);
  },

  async files_that_fall_elsewhere_or_are_no_pictures_do_no_harm(site) {
    const server = new Tiny(['a', 'a', 'b']);
    const page = await server.open(site);
    await mapReady(page);
    const isTaken = await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('.map').dispatchEvent(event);
      return event.defaultPrevented;
    });
    assert.ok(isTaken, 'the browser would open the file in place of the page');
    await drop(page, zone(page), [{ name: 'broken.png', base64: btoa('no picture') }]);
    await said(page, 'The file must be a picture that this browser can read. It is not.');
    await drop(page, zone(page), []);
    await said(page, 'What is dropped must be a file of a picture. It is not.');
    await drop(page, zone(page), [pictureOf(blank, '1.png'), pictureOf(blank, '2.png')]);
    await page.locator('.verdict-label').waitFor();
    server.change(() => server.entries.forEach(each => { each.label = 'z'; }));
    await lookAgain(page);
    await page.locator('.verdict-label').filter({ hasText: 'z' }).waitFor(); // what is shown follows the memory
  },

  async entry_under_the_pointer_may_vanish(site) {
    const server = new Tiny(['a', 'a', 'b', 'b', 'c', 'c'], {
      result: { map: { x: [0, 1, 2, 3, 4, 5], y: [0, 0, 0, 0, 0, 0] } } });
    const page = await suspects(site, server);
    const box = await page.locator('canvas.map-surface').boundingBox();
    await page.mouse.move(box.x + box.width / 2 + (box.height - 56) / 2, box.y + box.height / 2);
    await page.getByRole('tooltip').waitFor();
    server.change(() => [3, 4, 5].forEach(id => server.entries.delete(id)));
    server.more = {};
    server.result = server.analysed();
    await lookAgain(page);
    await page.waitForFunction(() => document.querySelector('.tooltip') === null);
    await page.getByText('The analysis is ready.').waitFor();
    assert.equal(await page.locator('.map canvas').count(), 2);
    assert.deepEqual(server.failures, []);
  },
};

// Licensed under the MIT License. See LICENSE in the project root for license information.

import assert from 'node:assert/strict';
import { drop, mapReady, pictureOf, side, tab } from './site.mjs';

const zone = page => page.locator('.view:not([hidden]) .drop');
const labelOf = async (site, id) => (await site.get(`/v1/inspect/entries/${id}`)).label;
const said = (page, text) => page.locator('#status').filter({ hasText: text }).waitFor();
const shares = page => page.locator('.prediction .neighbor').evaluateAll(
  buttons => buttons.map(button => ['.quiet-text', '.neighbor-label', '.share .number']
    .map(part => button.querySelector(part).textContent.trim()).join(', ')));

const perCent = share => {
  const value = share * 100;
  return `${value < 9.95 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
};

async function assertShows(site, page, pixels) {
  const { json } = await site.api('POST', '/v1/explain?top=100', { Features: [...pixels] });
  await page.locator('.verdict-label').waitFor();
  await page.waitForFunction( // an answer before may still be shown
    entries => [...document.querySelectorAll('.prediction .neighbor .quiet-text')]
      .map(each => each.textContent.trim()).join() === entries,
    json.neighbors.map(each => `Entry ${each.id}`).join());
  assert.equal((await page.locator('.verdict-label').textContent()).trim(), json.label);
  assert.deepEqual(await shares(page), json.neighbors.map(
    each => `Entry ${each.id}, ${each.label}, ${perCent(each.share)}`));
  assert.ok(Math.abs(json.neighbors.reduce((sum, each) => sum + each.share, 0) - 1) < 1e-4);
  const best = json.scores.find(each => each.class === json.label).score;
  assert.equal(await page.locator('.confidence-number').textContent(), perCent(best));
  const bar = page.getByRole('meter', { name: 'Confidence' });
  assert.equal(Number(await bar.getAttribute('aria-valuenow')), Math.round(best * 1000) / 10);
}

/** A sign that no digit has: a frame with a bar through it. */
function strangeSign(shift) {
  return Uint8Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    const isFrame = Math.max(Math.abs(x - 13 - shift), Math.abs(y - 13)) === 10;
    return isFrame || Math.abs(y - 13) < 2 + shift % 2 ? 255 : 0;
  });
}

export const workScenarios = {
  async dropped_picture_is_predicted_with_the_shares_of_its_neighbours(site) {
    const page = await site.open();
    await mapReady(page);
    const { pixels } = site.plan.unseen[3];
    await drop(page, zone(page), [pictureOf(pixels)]);
    await assertShows(site, page, pixels);
    await page.locator('.neighbor .picture-shown').first().waitFor();
    await site.keep(page, 'asked');
  },

  async picture_on_light_ground_is_inverted(site) {
    const page = await site.open();
    await mapReady(page);
    const { pixels } = site.plan.unseen[4];
    await drop(page, zone(page), [pictureOf(pixels.map(each => 255 - each))]);
    await assertShows(site, page, pixels);
    await page.getByLabel('Never').check();
    await page.getByText(/inverted/).waitFor({ state: 'detached' });
    await assertShows(site, page, pixels.map(each => 255 - each));
  },

  async pasted_and_chosen_pictures_are_predicted(site) {
    const page = await site.open();
    await mapReady(page);
    const [first, second] = site.plan.unseen;
    await tab(page, 'Trend').click();
    await page.evaluate(base64 => {
      const bytes = Uint8Array.from(atob(base64), each => each.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pictureOf(first.pixels).base64);
    await assertShows(site, page, first.pixels);
    await page.locator('.view:not([hidden]) input[type=file]').setInputFiles({
      name: 'chosen.png', mimeType: 'image/png', buffer: Buffer.from(pictureOf(second.pixels).base64, 'base64') });
    await assertShows(site, page, second.pixels);
  },

  async drawing_is_predicted(site) {
    const page = await site.open();
    await mapReady(page);
    await page.getByRole('button', { name: 'Draw' }).click();
    const box = await page.locator('.pad-paper').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 8 });
    await page.mouse.up();
    await page.locator('.verdict-label').waitFor();
    assert.equal((await page.locator('.verdict-label').textContent()).trim(), '1');
  },

  async suspects_begin_with_the_planted_ones_and_are_relabelled_undone_and_redone(site) {
    const page = await site.open();
    await mapReady(page);
    await tab(page, 'Suspects').click();
    const rows = page.getByRole('list', { name: /Suspects/ }).getByRole('listitem');
    await rows.first().waitFor();
    const planted = new Map(site.plan.mislabelled.map(each => [each.id, each]));
    const firstIds = (await rows.evaluateAll(items => items.map(each => each.querySelector('.row-text').textContent)))
      .map(text => Number(/entry (-?\d+)/.exec(text)[1])).slice(0, planted.size + 2);
    // a digit or two are drawn so badly that they look mislabelled as well
    assert.deepEqual([...planted.keys()].filter(id => !firstIds.includes(id)), []);
    assert.ok(planted.has(firstIds[0]));
    const { id, label, truth } = planted.get(firstIds[0]);
    assert.equal(await labelOf(site, id), label);
    await page.getByRole('button', { name: `Relabel entry ${id} as ${truth}` }).click();
    await said(page, `Relabelled entry ${id} from ${label} to ${truth}.`);
    assert.equal(await labelOf(site, id), truth);
    await page.getByText(/The memory has changed since the analysis/).waitFor();
    await page.keyboard.press('Control+z');
    await said(page, `Undone: Relabelled entry ${id}`);
    assert.equal(await labelOf(site, id), label);
    await page.keyboard.press('Control+y');
    await said(page, `Done again: Relabelled entry ${id}`);
    assert.equal(await labelOf(site, id), truth);
    await page.getByRole('button', { name: /^Undo/ }).first().click();
    await said(page, `Undone: Relabelled entry ${id}`);
    assert.equal(await labelOf(site, id), label);
  },

  async entry_is_removed_and_put_back_as_it_was(site) {
    const page = await site.open();
    await mapReady(page);
    await tab(page, 'Suspects').click();
    const row = page.getByRole('list', { name: /Suspects/ }).getByRole('listitem').first();
    const id = Number(/entry (-?\d+)/.exec(await row.textContent())[1]);
    const before = await site.get(`/v1/inspect/entries/${id}`);
    await row.focus();
    await row.locator('.picture-shown').waitFor(); // a picture on its way would not be found any more
    await page.keyboard.press('Delete');
    await said(page, `Removed entry ${id}.`);
    assert.equal((await site.api('GET', `/v1/inspect/entries/${id}`)).status, 404);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await said(page, `Undone: Removed entry ${id}.`);
    const after = await site.get(`/v1/inspect/entries/${id}`);
    assert.deepEqual({ ...after, explanation: null }, { ...before, explanation: null });
  },

  async suspect_is_kept_by_key(site) {
    const page = await site.open();
    await mapReady(page);
    await tab(page, 'Suspects').click();
    const rows = page.getByRole('list', { name: /Suspects/ }).getByRole('listitem');
    const count = Number(await rows.first().getAttribute('aria-setsize'));
    await rows.first().focus();
    await page.keyboard.press('k');
    await said(page, 'Kept entry');
    assert.equal(Number(await rows.first().getAttribute('aria-setsize')), count - 1);
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-posinset') === '1');
    await page.keyboard.press('Control+z');
    await said(page, 'Undone: Kept entry');
    assert.equal(Number(await rows.first().getAttribute('aria-setsize')), count);
  },

  async twins_begin_with_the_planted_pairs(site) {
    const page = await site.open();
    await mapReady(page);
    await tab(page, 'Twins').click();
    const rows = page.getByRole('list', { name: /Twins/ }).getByRole('listitem');
    await rows.first().waitFor();
    const found = (await rows.locator('.row-text > .muted').allTextContents())
      .slice(0, site.plan.twins.length)
      .map(text => /(-?\d+) and (-?\d+)/.exec(text).slice(1, 3).map(Number).sort((a, b) => a - b).join());
    assert.deepEqual(found.sort(), site.plan.twins.map(pair => pair.join()).sort());
  },

  async class_is_added_by_pictures_predicted_and_undone(site) {
    const page = await site.open();
    await mapReady(page);
    await tab(page, 'Classes').click();
    await drop(page, zone(page), [0, 1, 2, 3, 4].map(shift => pictureOf(strangeSign(shift), `sign-${shift}.png`)));
    await page.getByRole('button', { name: 'Leave out sign-4.png' }).click();
    await page.getByLabel('Name of the class').fill('frame');
    await page.getByRole('button', { name: 'Add 4 pictures' }).click();
    await said(page, 'Added 4 pictures of frame.');
    await page.getByRole('row', { name: 'frame 4' }).waitFor();
    const { classes } = await site.get('/v1/inspect');
    assert.equal(classes.find(each => each.name === 'frame').count, 4);
    await tab(page, 'Ask').click();
    await drop(page, zone(page), [pictureOf(strangeSign(4))]);
    await page.locator('.verdict-label').filter({ hasText: 'frame' }).waitFor();
    await page.keyboard.press('Control+z');
    await said(page, 'Undone: Added 4 pictures of frame.');
    assert.equal((await site.get('/v1/inspect')).entryCount, site.plan.entryCount);
  },

  async class_with_the_name_of_markup_stays_text(site) {
    const page = await site.open();
    await mapReady(page);
    const name = '<img src=x onerror="document.title=\'hit\'">';
    const { id, label } = site.plan.mislabelled[0];
    await tab(page, 'Suspects').click();
    await page.getByRole('button', { name: `Open entry ${id}` }).click();
    await page.getByLabel('Another class').fill(name);
    await page.getByRole('button', { name: 'Relabel as new class' }).click();
    await said(page, `Relabelled entry ${id} from ${label} to ${name}.`);
    await page.locator('.entry-facts strong').filter({ hasText: name }).waitFor();
    await tab(page, 'Classes').click();
    await page.getByRole('row').filter({ hasText: name }).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.notEqual(await page.title(), 'hit');
    await page.keyboard.press('Control+z');
    await said(page, 'Undone:');
    assert.equal(await labelOf(site, id), label);
  },

  async charts_show_the_numbers_of_the_server(site) {
    for (const { label, pixels } of site.plan.unseen.slice(0, 6)) {
      const { json } = await site.api('POST', '/v1/predict', { Features: [...pixels] });
      await site.api('POST', '/v1/feedback', { id: json.id, label });
    }
    const page = await site.open();
    await mapReady(page);
    const numbers = view => page.locator('.view:not([hidden]) .figures dd').allTextContents();
    const { calibration } = await site.get('/v1/inspect/analysis/result');
    await tab(page, 'Calibration').click();
    await page.locator('.figures').waitFor();
    assert.deepEqual(await numbers(), [perCent(calibration.error), perCent(calibration.accuracy)]);
    await page.getByText('The numbers', { exact: true }).click();
    assert.deepEqual(
      await page.locator('.numbers tbody tr').evaluateAll(
        rows => rows.map(row => [...row.cells].map(cell => cell.textContent))),
      calibration.bins.filter(bin => bin.count > 0).map(
        bin => [perCent(bin.confidence), perCent(bin.accuracy), bin.count.toLocaleString('en')]));
    await tab(page, 'Trend').click();
    await page.locator('.figures').filter({ hasText: 'Predictions' }).waitFor();
    const { buckets } = await site.get('/v1/inspect/trend');
    const sum = name => buckets.reduce((total, each) => total + each[name], 0);
    assert.ok(sum('count') >= 6 && sum('feedback') >= 6);
    assert.deepEqual(await numbers(), [
      String(sum('count')), perCent(sum('unknown') / sum('count')), perCent(sum('right') / sum('feedback'))]);
    await tab(page, 'Classes').click();
    const { classes } = await site.get('/v1/inspect');
    assert.deepEqual(
      await page.locator('.bars tbody tr').evaluateAll(
        rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))),
      classes.map(each => [each.name, each.count.toLocaleString('en')]));
  },

  async changed_memory_is_analysed_again(site) {
    const page = await site.open();
    await page.getByRole('button', { name: 'Analyse again' }).click();
    await page.getByText('The analysis is ready.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Analyse again' }).count(), 0);
    const [{ sequence }, now] = [await site.get('/v1/inspect/analysis'), await site.get('/v1/inspect')];
    assert.equal(sequence, now.sequence);
  },

  async refusal_is_shown_in_the_servers_words(site) {
    const page = await site.open();
    await mapReady(page);
    const { id } = site.plan.mislabelled[1];
    await tab(page, 'Suspects').click();
    await page.getByRole('button', { name: `Open entry ${id}` }).click();
    await page.getByLabel('Another class').waitFor();
    await page.route('**/label', route => route.fulfill({
      status: 409, contentType: 'application/problem+json',
      json: { title: 'Conflict', status: 409, detail: 'The memory must be open to changes. It is not.' } }));
    await page.getByLabel('Another class').fill('1');
    const refused = site.complaints.length;
    await page.getByRole('button', { name: 'Relabel', exact: true }).click();
    await said(page, 'The memory must be open to changes. It is not.');
    site.complaints.splice(refused); // the browser reports the refusal that was asked for
    assert.equal(await page.getByRole('button', { name: /Nothing to undo|Undo/ }).first().isDisabled(), true);
  },
};

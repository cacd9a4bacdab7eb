// Licensed under the MIT License. See LICENSE in the project root for license information.

import assert from 'node:assert/strict';
import { byLoneliness, look, mapReady, placesOn, tab } from './site.mjs';

const views = ['Ask', 'Suspects', 'Twins', 'Classes', 'Trend', 'Calibration'];

export const lookScenarios = {
  async key_is_asked_for_and_refused_with_the_servers_sentence(site) {
    const page = await site.open({ address: `${site.plan.url}/inspector/` });
    await page.getByLabel('API key').fill('not the key at all');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByRole('alert').textContent(),
      "The request must have the header 'Authorization: Bearer' with the API key.");
    await page.getByLabel('API key').fill(site.plan.key);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'Map', exact: true }).waitFor();
  },

  async key_in_the_fragment_opens_and_leaves_the_address(site) {
    const page = await site.open();
    await page.getByRole('heading', { name: 'Map', exact: true }).waitFor();
    assert.equal(page.url(), `${site.plan.url}/inspector/`);
    await page.reload();
    await page.getByRole('heading', { name: 'Map', exact: true }).waitFor();
  },

  async analysis_is_started_and_the_map_drawn(site) {
    const page = await site.open();
    await page.getByRole('button', { name: 'Analyse the memory' }).click();
    await mapReady(page);
    const { drawn } = await look(page);
    assert.ok(drawn > site.plan.entryCount * 5, `only ${drawn} pixels are drawn`);
    await page.getByText('The analysis is ready.').waitFor();
    await site.keep(page, 'light');
  },

  async map_switches_between_neighbours_and_plane(site) {
    const page = await site.open();
    await mapReady(page);
    const neighbors = await look(page);
    await page.getByRole('button', { name: 'PCA' }).click();
    const plane = await look(page);
    await page.getByRole('button', { name: 'Neighbours' }).click();
    const again = await look(page);
    assert.notEqual(plane.sum, neighbors.sum);
    assert.equal(again.sum, neighbors.sum);
  },

  async map_is_zoomed_and_panned_by_keys_and_wheel(site) {
    const page = await site.open();
    await mapReady(page);
    const map = page.locator('canvas.map-surface');
    await map.focus();
    const whole = await look(page);
    await page.keyboard.press('+');
    const near = await look(page);
    await page.keyboard.press('ArrowRight');
    const aside = await look(page);
    await page.keyboard.press('0');
    const again = await look(page);
    await map.hover();
    await page.mouse.wheel(0, -240);
    const wheeled = await look(page);
    assert.equal(new Set([whole.sum, near.sum, aside.sum, wheeled.sum]).size, 4);
    assert.equal(again.sum, whole.sum);
  },

  async map_is_zoomed_and_panned_by_two_fingers(site) {
    const page = await site.open({ viewport: { width: 800, height: 900 }, hasTouch: true });
    await mapReady(page);
    const result = await site.get('/v1/inspect/analysis/result');
    const box = await page.locator('canvas.map-surface').boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const whole = await look(page);
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', {
      type, touchPoints: points.map(([dx, dy], id) => ({ x: x + dx, y: y + dy, id })) });
    await touch('touchStart', [-50, 0], [50, 0]);
    for (const apart of [65, 85, 100]) await touch('touchMove', [-apart, 0], [apart, 0]);
    await touch('touchMove', [-80, 30], [120, 30]);
    await touch('touchEnd');
    assert.notEqual((await look(page)).sum, whole.sum);
    const moved = (await placesOn(page, result.map, 2)).map(each => ({ x: each.x + 20, y: each.y + 30 }));
    const isInside = at => Math.abs(at.x - x) < box.width / 2 - 30 && Math.abs(at.y - y) < box.height / 2 - 30;
    const row = byLoneliness(result.map).find(each => isInside(moved[each]));
    await page.touchscreen.tap(moved[row].x, moved[row].y);
    await page.getByRole('heading', { name: `Entry ${result.ids[row]}`, exact: true }).waitFor();
    assert.deepEqual(await page.evaluate(() => [visualViewport.scale, scrollX]), [1, 0]); // the page itself has not
  },

  async pointer_and_keys_pick_the_right_entry(site) {
    const page = await site.open();
    await mapReady(page);
    const result = await site.get('/v1/inspect/analysis/result');
    const [row, other] = byLoneliness(result.map);
    const places = await placesOn(page, result.map);
    await page.mouse.move(places[row].x, places[row].y);
    await page.getByRole('tooltip').getByText(`entry ${result.ids[row]}`, { exact: true }).waitFor();
    await page.mouse.click(places[other].x, places[other].y);
    await page.getByRole('heading', { name: `Entry ${result.ids[other]}`, exact: true }).waitFor();
    await page.getByText('What the others say').waitFor();
    await page.locator('canvas.map-surface').focus();
    await page.keyboard.press('Shift+ArrowRight');
    const chosen = Number((await page.locator('#entry-title').textContent()).replace('Entry ', ''));
    const next = result.ids.indexOf(chosen);
    assert.ok(places[next].x > places[other].x, 'the next entry must lie on the right');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Ask' }).waitFor();
  },

  async zoomed_map_picks_the_right_entry(site) {
    const page = await site.open();
    await mapReady(page);
    const result = await site.get('/v1/inspect/analysis/result');
    await page.locator('canvas.map-surface').focus();
    await page.keyboard.press('+');
    const places = await placesOn(page, result.map, 1.5);
    const box = await page.locator('canvas.map-surface').boundingBox();
    const row = byLoneliness(result.map).find(each => places[each].x > box.x + 90 && places[each].y > box.y + 20
      && places[each].x < box.x + box.width - 90 && places[each].y < box.y + box.height - 20);
    await page.mouse.move(places[row].x, places[row].y);
    await page.getByRole('tooltip').getByText(`entry ${result.ids[row]}`, { exact: true }).waitFor();
  },

  async zoomed_in_map_shows_pictures(site) {
    const page = await site.open();
    await mapReady(page);
    const result = await site.get('/v1/inspect/analysis/result');
    const [row] = byLoneliness(result.map);
    const at = (await placesOn(page, result.map))[row];
    const asked = page.waitForResponse(
      answer => answer.url().endsWith(`/entries/${result.ids[row]}/picture`) && answer.ok());
    await page.mouse.move(at.x, at.y);
    await asked; // the tooltip's
    const drawn = page.waitForResponse(answer => answer.url().endsWith('/picture') && answer.ok());
    for (let step = 0; step < 16; step++) await page.mouse.wheel(0, -120);
    await drawn;
  },

  async legend_filters_the_map(site) {
    const page = await site.open();
    await mapReady(page);
    const all = await look(page);
    const chips = page.getByRole('group', { name: 'Classes on the map' });
    await chips.getByRole('button').first().click();
    const one = await look(page);
    assert.notEqual(one.sum, all.sum);
    assert.equal(await chips.locator('[aria-pressed=true]').count(), 1);
    await chips.getByRole('button', { name: 'Show all' }).click();
    assert.equal((await look(page)).sum, all.sum);
  },

  async list_has_what_the_map_has(site) {
    const page = await site.open();
    await mapReady(page);
    await page.getByRole('button', { name: 'List', exact: true }).click();
    const list = page.getByRole('list', { name: /entries, by class/ });
    assert.equal(await list.getByRole('listitem').first().getAttribute('aria-setsize'), String(site.plan.entryCount));
    await list.getByRole('listitem').first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      last => document.activeElement.getAttribute('aria-posinset') === last, String(site.plan.entryCount));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Entry / }).waitFor();
  },

  async dark_is_dark_and_can_be_chosen(site) {
    const page = await site.open({ colorScheme: 'dark' });
    await mapReady(page);
    assert.ok(Math.max(...(await look(page)).ground) < 40);
    await tab(page, 'Suspects').click();
    await page.locator('.row .picture-shown').first().waitFor();
    await site.keep(page, 'dark');
    await page.getByRole('button', { name: /Theme: system/ }).click();
    assert.ok(Math.min(...(await look(page)).ground) > 220);
  },

  async phone_has_no_sideways_scroll(site) {
    const page = await site.open({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await mapReady(page);
    await site.keep(page, 'phone');
    for (const view of views) {
      await tab(page, view).click();
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(excess, 0, `${view} is ${excess} px too wide`);
    }
    await tab(page, 'Suspects').click();
    await page.locator('.row .picture-shown').first().waitFor();
    await site.keep(page, 'phone-suspects');
  },

  async motion_is_left_out_only_where_it_is_not_wanted(site) {
    const frames = async reducedMotion => {
      const page = await site.open({ reducedMotion });
      await mapReady(page);
      await look(page);
      await page.getByRole('button', { name: 'PCA' }).click();
      const [first, second] = [await look(page), await look(page)];
      return first.sum === second.sum;
    };
    assert.equal(await frames('reduce'), true);
    assert.equal(await frames('no-preference'), false);
  },

  async nothing_is_found_by_the_accessibility_check(site) {
    // the schemes differ in their colours alone
    for (const [colorScheme, rules] of [
      ['light', ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']],
      ['dark', ['color-contrast']]]) {
      const page = await site.open({ colorScheme, bypassCSP: true });
      await mapReady(page);
      await page.addScriptTag({ path: site.plan.axe });
      for (const view of views) {
        await tab(page, view).click();
        if (view === 'Trend') await page.getByText('Reading …').waitFor({ state: 'detached' });
        await check(page, `${colorScheme} ${view}`, rules);
      }
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await page.locator('.map-list .row-picture').first().click();
      await page.getByText('What the others say').waitFor();
      await check(page, `${colorScheme} entry`, rules);
    }
  },
};

async function check(page, where, rules) {
  const found = await page.evaluate(async runOnly => {
    const { violations } = await axe.run(document, { runOnly });
    const tell = node => `${node.html} ${node.failureSummary}`;
    return violations.map(each => `${each.id}: ${each.nodes.slice(0, 3).map(tell).join(' | ')}`);
  }, rules);
  assert.deepEqual(found, [], where);
}

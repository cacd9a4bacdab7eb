// Licensed under the MIT License. See LICENSE in the project root for license information.

// Runs every scenario against a server: node run.mjs plan.json. Writes a line of JSON for each.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { lookScenarios } from './scenarios-look.mjs';
import { oddScenarios } from './scenarios-odd.mjs';
import { workScenarios } from './scenarios-work.mjs';
import { Site } from './site.mjs';

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
plan.axe = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/axe-core/axe.min.js');
const only = process.argv[3];
const mostMilliseconds = 60_000;

const last = {
  async pages_ask_nobody_else_and_complain_of_nothing(site) {
    assert.deepEqual([...site.hosts], [new URL(site.plan.url).host]);
    assert.deepEqual(site.complaints, []);
  },
};

const browser = await launch();
const site = new Site(browser, plan);
for (const [name, scenario] of Object.entries({ ...lookScenarios, ...workScenarios, ...oddScenarios, ...last })) {
  if (only && !name.includes(only)) continue;
  const since = Date.now();
  let failure = null;
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`longer than ${mostMilliseconds} ms`)), mostMilliseconds);
    });
    await Promise.race([scenario(site), late]);
  } catch (error) {
    failure = String(error.stack ?? error).slice(0, 4000);
  }
  clearTimeout(timer);
  console.log(JSON.stringify({ name, failure, milliseconds: Date.now() - since }));
  await site.closeAll();
}
await browser.close();

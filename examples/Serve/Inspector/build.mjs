// Licensed under the MIT License. See LICENSE in the project root for license information.

// Bundles the page: node build.mjs [folder]. Installs what the lock file says first, where that is not there yet.
// Builds at once take turns by a folder, and files appear whole, so that none of them disturbs another.

import { spawnSync } from 'node:child_process';
import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(home, '../../../artifacts/inspector'));
const turn = join(home, '.lock');
const failed = join(out, '.failed');
const lockFile = readFileSync(join(home, 'package-lock.json'), 'utf8');
const installMilliseconds = 120_000;
const staleMilliseconds = 180_000;
const retryMilliseconds = 600_000;

mkdirSync(out, { recursive: true });
await takeTurn();
try {
  install();
  await bundle();
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
} finally {
  rmSync(turn, { recursive: true, force: true });
}

async function takeTurn() {
  for (;;) {
    try {
      mkdirSync(turn);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // whoever took it so long ago was stopped before it could give it back
    const age = Date.now() - (statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleMilliseconds) rmSync(turn, { recursive: true, force: true });
    else await new Promise(done => setTimeout(done, 100));
  }
}

function install() {
  const stamp = join(home, 'node_modules', '.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockFile) return;
  // where there is no network, not every build shall wait for it
  const last = statSync(failed, { throwIfNoEntry: false });
  if (last && Date.now() - last.mtimeMs < retryMilliseconds) throw new Error(readFileSync(failed, 'utf8'));
  const npm = spawnSync(
    'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=20000'],
    { cwd: home, encoding: 'utf8', timeout: installMilliseconds, shell: process.platform === 'win32' });
  if (npm.status !== 0) {
    const reason = npm.error ? npm.error.message : npm.stderr.trim().split('\n').slice(0, 2).join(' ');
    writeFileSync(failed, `npm ci failed: ${reason}`);
    throw new Error(`npm ci failed: ${reason}`);
  }
  rmSync(failed, { force: true });
  writeFileSync(stamp, lockFile);
}

async function bundle() {
  const { build } = await import('esbuild');
  const fresh = join(out, `.fresh-${process.pid}`);
  try {
    const { metafile } = await build({
      absWorkingDir: home,
      entryPoints: { app: 'src/main.tsx', 'app-style': 'src/style/app.css' },
      outdir: fresh,
      bundle: true,
      minify: true,
      format: 'esm',
      target: ['chrome111', 'firefox113', 'safari16.4'],
      legalComments: 'inline',
      banner: { js: '/* What others wrote of this, and under which licences: licenses.txt */' },
      metafile: true,
      logLevel: 'error',
    });
    writeFileSync(join(fresh, 'licenses.txt'), licensesOf(metafile));
    renameSync(join(fresh, 'licenses.txt'), join(out, 'licenses.txt'));
    renameSync(join(fresh, 'app.js'), join(out, 'app.js'));
    renameSync(join(fresh, 'app-style.css'), join(out, 'app.css'));
    // last, so that the page is there only where all of it is
    writeFileSync(join(fresh, 'index.html'), readFileSync(join(home, 'index.html')));
    renameSync(join(fresh, 'index.html'), join(out, 'index.html'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

// the licences of those packages of which something is in the bundle, each of which asks to be kept with the code
function licensesOf({ outputs }) {
  const packages = new Set(Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs).filter(input => inputs[input].bytesInOutput > 0))
    .map(input => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter(name => name !== undefined));
  const texts = [...packages].sort().map(name => {
    const folder = join(home, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find(each => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`Package ${name} must have a file of its licence. It has none.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `The inspector contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

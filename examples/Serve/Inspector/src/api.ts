// Licensed under the MIT License. See LICENSE in the project root for license information.

import type {
  Added, AnalysisResult, AnalysisState, EntryColumns, Explanation, Inspection, StoredEntry, Trend,
} from './contract';
import { key } from './session';

/** An answer that is no success; the message is the server's own sentence. */
export class ApiError extends Error {
  private readonly key: string;

  constructor(readonly status: number, message: string, usedKey = key.value) {
    super(message);
    this.key = usedKey;
  }

  /** Whether the key is refused; not so where another one was given since. */
  get isKeyProblem(): boolean {
    return (this.status === 401 || this.status === 403) && this.key === key.value;
  }
}

const mostNeighbors = 100;
const printable = /^[\x20-\x7e]*$/;

/** Gives the sentence to show for any failure. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function problemOf(response: Response, usedKey: string): Promise<ApiError> {
  let sentence = `The server answered ${response.status} ${response.statusText}.`;
  try {
    const problem = await response.json() as { detail?: string; errors?: { message?: string; detail?: string }[] };
    if (problem.detail) sentence = problem.detail;
    const first = problem.errors?.[0];
    const more = first?.message ?? first?.detail;
    if (more) sentence += ` ${more}`;
  } catch {
    // the body is no problem document: the status has to do
  }
  return new ApiError(response.status, sentence, usedKey);
}

async function send(method: string, path: string, body?: BodyInit, type?: string, signal?: AbortSignal):
    Promise<Response> {
  const headers: Record<string, string> = {};
  const usedKey = key.value;
  if (usedKey) headers['Authorization'] = `Bearer ${usedKey}`;
  if (type) headers['Content-Type'] = type;
  if (!printable.test(usedKey))
    throw new ApiError(401, 'The API key must be of ASCII characters. It is not.');
  let response: Response;
  try {
    // relative, as the page may be served below a folder
    response = await fetch(
      `..${path}`, { method, headers, body: body ?? null, signal: signal ?? null, cache: 'no-store' });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The server must be reachable. It is not.');
  }
  if (!response.ok) throw await problemOf(response, usedKey);
  return response;
}

async function json<T>(method: string, path: string, content?: unknown): Promise<T> {
  const response = content === undefined
    ? await send(method, path)
    : await send(method, path, JSON.stringify(content), 'application/json');
  return await response.json() as T;
}

const image = async <T>(path: string, file: Blob): Promise<T> =>
  await (await send('POST', path, file, file.type)).json() as T;

// a rounded id may be that of another entry
function exact(id: number): number {
  if (Number.isSafeInteger(id)) return id;
  throw new Error('The id of an entry must be below 2^53 to be asked for by this page. It is not.');
}

export const api = {
  inspection: () => json<Inspection>('GET', '/v1/inspect'),
  entries: () => json<EntryColumns>('GET', '/v1/inspect/entries'),
  entry: async (id: number) => await json<StoredEntry>(
    'GET', `/v1/inspect/entries/${exact(id)}?top=${mostNeighbors}`),
  analysis: () => json<AnalysisState>('GET', '/v1/inspect/analysis'),
  startAnalysis: () => json<AnalysisState>('POST', '/v1/inspect/analysis'),
  stopAnalysis: () => json<AnalysisState>('DELETE', '/v1/inspect/analysis'),
  result: () => json<AnalysisResult>('GET', '/v1/inspect/analysis/result'),
  trend: () => json<Trend>('GET', '/v1/inspect/trend'),

  picture: async (id: number, signal: AbortSignal): Promise<Blob> =>
    await (await send('GET', `/v1/inspect/entries/${exact(id)}/picture`, undefined, undefined, signal)).blob(),

  explain: (row: Record<string, unknown>) => json<Explanation>('POST', `/v1/explain?top=${mostNeighbors}`, row),
  explainImage: (file: Blob) => image<Explanation>(`/v1/explain/image?top=${mostNeighbors}`, file),

  add: (row: Record<string, unknown>) => json<Added>('POST', '/v1/examples', { rows: [row] }),
  addImage: (file: Blob, label: string) =>
    image<Added>(`/v1/examples/image?label=${encodeURIComponent(label)}`, file),

  /** Gives the id that the entry has from now on. */
  relabel: async (id: number, label: string): Promise<number> =>
    (await json<{ id: number }>('PUT', `/v1/examples/${exact(id)}/label`, { label })).id,
  remove: async (id: number) => await json<unknown>('DELETE', `/v1/examples/${exact(id)}`),
  putBack: (entry: StoredEntry) => json<unknown>('PUT', `/v1/examples/${entry.id}`, {
    label: entry.label, weight: entry.weight ?? 1, features: entry.features,
  }),
};

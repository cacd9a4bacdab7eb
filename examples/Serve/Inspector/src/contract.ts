// Licensed under the MIT License. See LICENSE in the project root for license information.

// What the server answers. A member that may be missing is one that it leaves out where there is nothing to say.

export interface ClassCount { name: string; count: number }

/** How a stored vector is read as pixels: height * width * channels values from low (black) to high (white). */
export interface PictureShape { width: number; height: number; channels: number; low: number; high: number }

export interface ExampleColumns { label: string; id?: string | null; weight?: string | null }

export interface Inspection {
  version: string;
  sequence: number;
  kind: string;
  isWritable: boolean;
  entryCount: number;
  dimension: number;
  metric: string;
  classes: ClassCount[];
  input: 'pixels' | 'image' | 'row';
  inputColumn?: string | null;
  picture?: PictureShape | null;
  exampleColumns?: ExampleColumns | null;
}

export interface EntryColumns {
  sequence: number;
  classes: string[];
  ids: number[];
  labels: number[];
  weights?: number[] | null;
}

export interface AnalysisState {
  state: 'none' | 'working' | 'ready' | 'failed';
  progress?: number;
  stage?: string | null;
  failure?: string | null;
  sequence?: number;
  entryCount?: number;
  seconds?: number;
}

export interface Places { x: number[]; y: number[]; variance?: [number, number] }

export interface CalibrationBin { count: number; confidence: number; accuracy: number }

export interface Calibration { bins: CalibrationBin[]; error: number; accuracy: number }

export interface AnalysisResult {
  sequence: number;
  neighborCount: number;
  classes: string[];
  ids: number[];
  labels: number[];
  predicted?: number[] | null;
  confidence?: number[] | null;
  ownScore?: number[] | null;
  wrong: number[];
  correct: number[];
  twin: (number | null)[];
  twinDistance: (number | null)[];
  principal: Places;
  map?: Places | null;
  calibration?: Calibration | null;
}

export interface ClassScore { class: string; score: number }

export interface Neighbor { id: number; label: string; distance?: number | null; share: number }

export interface Explanation { label?: string | null; scores: ClassScore[]; neighbors: Neighbor[] }

export interface StoredEntry {
  id: number;
  label: string;
  weight?: number | null;
  features: number[];
  explanation?: Explanation | null;
}

export interface TrendBucket {
  at: string;
  count: number;
  confidence?: number | null;
  unknown: number;
  feedback: number;
  right: number;
  classes: { class: string; count: number }[];
}

export interface Trend { bucketSeconds: number; reference?: { confidence: number } | null; buckets: TrendBucket[] }

export interface Added { ids: (number | null)[]; entryCount: number }

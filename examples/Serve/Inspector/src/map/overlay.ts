// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { ClassCenter } from './layout';

export interface Point { x: number; y: number }

/** What lies over the points, in pixels of the page. */
export interface Overlay {
  width: number;
  height: number;
  ratio: number;
  ground: string;
  ink: string;
  accent: string;
  font: string;
  labels: readonly (Point & { center: ClassCenter; text: string; color: string; isFaint: boolean })[];
  hovered: Point | null;
  selected: Point | null;
  asked: Point | null;
  /** Ends of the threads from the asked picture to its neighbours, and how much each says. */
  threads: readonly (Point & { share: number })[];
  radius: number;
  /** Draws the entries that are near enough to be shown as pictures. */
  pictures: () => void;
}

const labelHeight = 18;

export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  context.setTransform(overlay.ratio, 0, 0, overlay.ratio, 0, 0);
  context.clearRect(0, 0, overlay.width, overlay.height);
  overlay.pictures();
  drawThreads(context, overlay);
  drawLabels(context, overlay);
  if (overlay.hovered) drawRing(context, overlay.hovered, overlay.radius + 4, 2, overlay.ink, overlay.ground);
  if (overlay.selected) drawTarget(context, overlay.selected, overlay);
  if (overlay.asked) drawPin(context, overlay.asked, overlay);
}

// by signs, as half of an emoji is none
function shortened(text: string): string {
  const signs = [...text];
  return signs.length > 24 ? `${signs.slice(0, 23).join('')}…` : text;
}

function drawThreads(context: CanvasRenderingContext2D, { asked, threads, accent }: Overlay): void {
  if (!asked) return;
  context.strokeStyle = accent;
  for (const thread of threads) {
    context.globalAlpha = 0.25 + 0.65 * Math.min(1, thread.share * 4);
    context.lineWidth = 1 + 3 * Math.sqrt(thread.share);
    context.beginPath();
    context.moveTo(asked.x, asked.y);
    context.lineTo(thread.x, thread.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

// a label that would cover an earlier one is moved up or down, and left out where that does not help
function drawLabels(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const taken: { x: number; y: number; width: number }[] = [];
  context.font = overlay.font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const label of overlay.labels) {
    const text = shortened(label.text);
    const width = context.measureText(text).width + 8;
    const x = Math.max(width / 2, Math.min(overlay.width - width / 2, label.x));
    const place = [0, -labelHeight, labelHeight, -2 * labelHeight, 2 * labelHeight]
      .map(move => ({ x, y: label.y + move, width }))
      .find(each => taken.every(other => Math.abs(other.y - each.y) >= labelHeight
        || Math.abs(other.x - each.x) * 2 >= other.width + each.width));
    if (!place || label.x < 0 || place.y < 0 || label.x > overlay.width || place.y > overlay.height) continue;
    taken.push(place);
    context.globalAlpha = label.isFaint ? 0.35 : 1;
    context.lineWidth = 5;
    context.strokeStyle = overlay.ground;
    context.strokeText(text, place.x, place.y);
    context.fillStyle = overlay.ink;
    context.fillText(text, place.x, place.y);
  }
  context.globalAlpha = 1;
}

function drawRing(context: CanvasRenderingContext2D, at: Point, radius: number, width: number, color: string,
    ground: string): void {
  for (const [line, style] of [[width + 3, ground], [width, color]] as const) {
    context.lineWidth = line;
    context.strokeStyle = style;
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

function drawTarget(context: CanvasRenderingContext2D, at: Point, overlay: Overlay): void {
  const radius = overlay.radius + 7;
  drawRing(context, at, radius, 2.5, overlay.accent, overlay.ground);
  for (const [line, style] of [[5, overlay.ground], [2.5, overlay.accent]] as const) {
    context.lineWidth = line;
    context.strokeStyle = style;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(at.x + dx * radius, at.y + dy * radius);
      context.lineTo(at.x + dx * (radius + 7), at.y + dy * (radius + 7));
    }
    context.stroke();
  }
}

// a pin as on a street map: its foot is the place, and no class has its form
function drawPin(context: CanvasRenderingContext2D, at: Point, overlay: Overlay): void {
  const radius = 10;
  const y = at.y - 22;
  context.beginPath();
  context.moveTo(at.x, at.y);
  context.quadraticCurveTo(at.x - 3, at.y - 9, at.x - radius * 0.86, y + radius * 0.5);
  context.arc(at.x, y, radius, Math.PI * 0.83, Math.PI * 2.17);
  context.quadraticCurveTo(at.x + 3, at.y - 9, at.x, at.y);
  context.closePath();
  context.lineWidth = 5;
  context.strokeStyle = overlay.ground;
  context.stroke();
  context.fillStyle = overlay.accent;
  context.fill();
  context.fillStyle = overlay.ground;
  context.font = `700 13px ${overlay.font.split('px ')[1] ?? 'sans-serif'}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText('?', at.x, y + 0.5);
}

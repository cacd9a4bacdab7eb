// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useRef } from 'preact/hooks';
import type { PictureShape } from '../contract';

interface Props { shape: PictureShape; onDrawn: (canvas: HTMLCanvasElement) => void; onClear: () => void }

const side = 280;

/** Paper to draw what is asked on. */
export function Pad({ shape, onDrawn, onClear }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const height = Math.round(side * shape.height / shape.width);

  const wipe = (): void => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, height);
  };
  useEffect(wipe, []);

  const draw = (event: PointerEvent): void => {
    const [node, from] = [canvas.current, last.current];
    const context = node?.getContext('2d');
    if (!node || !context || !from) return;
    const scale = side / node.clientWidth;
    const to = { x: event.offsetX * scale, y: event.offsetY * scale };
    context.strokeStyle = '#000';
    context.lineWidth = side / shape.width * 2.4;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    last.current = to;
  };
  const start = (event: PointerEvent): void => {
    if (!canvas.current) return;
    canvas.current.setPointerCapture(event.pointerId);
    const scale = side / canvas.current.clientWidth;
    last.current = { x: event.offsetX * scale, y: event.offsetY * scale };
    draw(event);
  };
  const end = (): void => {
    if (!last.current || !canvas.current) return;
    last.current = null;
    onDrawn(canvas.current);
  };
  return (
    <div class="pad">
      <canvas ref={canvas} width={side} height={height} class="pad-paper" role="img"
        aria-label="Paper to draw on with the pointer. By keyboard, choose a picture instead."
        onPointerDown={start} onPointerMove={draw} onPointerUp={end} onPointerCancel={end} />
      <button type="button" class="button small" onClick={() => { wipe(); onClear(); }}>New sheet</button>
    </div>
  );
}

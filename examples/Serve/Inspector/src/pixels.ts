// Licensed under the MIT License. See LICENSE in the project root for license information.

import type { PictureShape } from './contract';

/** Gives a picture as PNG or JPEG, the types that the server reads. */
export async function asUpload(file: Blob): Promise<Blob> {
  if (file.type === 'image/png' || file.type === 'image/jpeg') return file;
  const bitmap = await decode(file);
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  context(canvas).drawImage(bitmap, 0, 0);
  bitmap.close();
  return await new Promise<Blob>((resolve, reject) => canvas.toBlob(
    blob => blob ? resolve(blob) : reject(new Error('The picture must be one that can be stored as PNG.')),
    'image/png'));
}

export async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    // what the file says of colours and gamma is ignored: the memory learnt the bare values
    return await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch {
    throw new Error('The file must be a picture that this browser can read. It is not.');
  }
}

/** Draws a picture into a memory's shape, whole and in the middle, its ground around it. */
export function fit(bitmap: ImageBitmap | HTMLCanvasElement, shape: PictureShape): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = shape.width;
  canvas.height = shape.height;
  const target = context(canvas);
  const scale = Math.min(shape.width / bitmap.width, shape.height / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  target.imageSmoothingEnabled = scale !== 1;
  target.imageSmoothingQuality = 'high';
  target.fillStyle = groundOf(bitmap);
  target.fillRect(0, 0, shape.width, shape.height);
  target.drawImage(bitmap, (shape.width - width) / 2, (shape.height - height) / 2, width, height);
  return target.getImageData(0, 0, shape.width, shape.height);
}

function groundOf(bitmap: ImageBitmap | HTMLCanvasElement): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const corner = context(canvas);
  corner.fillStyle = '#fff'; // a picture one can see through is meant for paper
  corner.fillRect(0, 0, 1, 1);
  corner.drawImage(bitmap, 0, 0, 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = corner.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}

/** Gives the values that the memory stores for pixels. */
export function features(pixels: ImageData, shape: PictureShape, isInverted: boolean): number[] {
  const values: number[] = [];
  const scale = (shape.high - shape.low) / 255;
  const put = (level: number): void => {
    values.push(shape.low + (isInverted ? 255 - level : level) * scale);
  };
  for (let at = 0; at < pixels.data.length; at += 4) {
    const [red, green, blue] = pixels.data.subarray(at, at + 3);
    if (shape.channels === 3) [red, green, blue].forEach(put);
    else put(red === green && green === blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return values;
}

/** Mean of the outermost pixels, 0 (low) to 1 (high): the ground that pictures are drawn on. */
export function edgeLevel(values: ArrayLike<number>, shape: PictureShape): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < shape.height; y++) {
    for (let x = 0; x < shape.width; x++) {
      if (x > 0 && y > 0 && x < shape.width - 1 && y < shape.height - 1) continue;
      for (let channel = 0; channel < shape.channels; channel++) {
        sum += values[(y * shape.width + x) * shape.channels + channel];
        count++;
      }
    }
  }
  return (sum / count - shape.low) / (shape.high - shape.low);
}

/** Gives what will be asked as a picture to show. */
export async function preview(values: readonly number[], shape: PictureShape): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = shape.width;
  canvas.height = shape.height;
  const pixels = new ImageData(shape.width, shape.height);
  for (let pixel = 0; pixel < shape.width * shape.height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[pixel * shape.channels + (shape.channels === 3 ? channel : 0)];
      pixels.data[pixel * 4 + channel] = 255 * (value - shape.low) / (shape.high - shape.low);
    }
    pixels.data[pixel * 4 + 3] = 255;
  }
  context(canvas).putImageData(pixels, 0, 0);
  return await new Promise<Blob>((resolve, reject) => canvas.toBlob(
    blob => blob ? resolve(blob) : reject(new Error('The picture must be one that can be shown.')), 'image/png'));
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const found = canvas.getContext('2d', { willReadFrequently: true });
  if (!found) throw new Error('The browser must be able to draw. It is not.');
  return found;
}

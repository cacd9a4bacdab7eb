// Licensed under the MIT License. See LICENSE in the project root for license information.

// Colours that stay apart under the common colour blindnesses (after Okabe and Ito), once for light and once for dark
// ground, and shapes, so that no class is told by its colour alone.

const lightColors = ['#0072b2', '#c44e00', '#00805f', '#b0479a', '#7d6400', '#2b8fd0', '#6a48b8', '#c0283c',
  '#5d6876', '#2b2b2b'];
const darkColors = ['#5bb8f0', '#ff9a4d', '#35cda0', '#f0a3d4', '#e8d44f', '#6f9dff', '#bfa5ff', '#ff7d7d',
  '#aab6c4', '#ffffff'];

/** Corners on a circle of radius 1; none means a disc. */
const corners: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  [[0, -1.1], [1, 0.75], [-1, 0.75]],
  [[0, -1.15], [0.95, 0], [0, 1.15], [-0.95, 0]],
  [[0, 1.1], [1, -0.75], [-1, -0.75]],
  [[-0.36, -1.05], [0.36, -1.05], [0.36, -0.36], [1.05, -0.36], [1.05, 0.36], [0.36, 0.36], [0.36, 1.05],
    [-0.36, 1.05], [-0.36, 0.36], [-1.05, 0.36], [-1.05, -0.36], [-0.36, -0.36]],
  [[-0.5, -1.1], [0.5, -1.1], [0.5, 1.1], [-0.5, 1.1]],
  [[-1, -0.95], [1, -0.95], [0.25, 0], [1, 0.95], [-1, 0.95], [-0.25, 0]],
];

export const shapeCount = corners.length;

/** Gives the shape of a class; with the colour it is another one for each of the first 80 classes. */
export const shapeOf = (index: number): number => (index + Math.floor(index / 40)) % shapeCount;

export const cornersOf = (shape: number) => corners[shape];

export const colorOf = (index: number, isDark: boolean): string => {
  const colors = isDark ? darkColors : lightColors;
  return colors[index % colors.length];
};

/** A colour as the pixels of a canvas have it on a little-endian machine. */
export function packed(color: string): number {
  const value = Number.parseInt(color.slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

// Licensed under the MIT License. See LICENSE in the project root for license information.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value: number): string => whole.format(value);

export const short = (value: number): string => value < 10_000 ? whole.format(value) : compact.format(value);

/** For where there is room for three digits or so. */
export const tiny = (value: number): string => compact.format(value);

/** A share as per cent, with a digit after the point where less than 10 % would hide it. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value < 9.95 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
}

export const decimal = (value: number): string =>
  value === 0 ? '0' : Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(3);

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export const clock = (at: string | number | Date): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

// Licensed under the MIT License. See LICENSE in the project root for license information.

import { useEffect, useRef, useState } from 'preact/hooks';
import { want } from '../pictures';

interface Props { id: number; size: number; isEager?: boolean; alt?: string }

/** The picture of an entry, fetched when it comes into sight. */
export function Picture({ id, size, isEager = false, alt = '' }: Props) {
  const frame = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(isEager);
  const [url, setUrl] = useState<string | null | undefined>(undefined);

  useEffect(() => {
    const node = frame.current;
    if (isEager || !node) return undefined;
    const observer = new IntersectionObserver(
      entries => setNear(entries.some(entry => entry.isIntersecting)), { rootMargin: '120px' });
    observer.observe(node);
    return () => observer.disconnect();
  }, [isEager]);

  useEffect(() => {
    setUrl(undefined);
    return isNear ? want(id, setUrl) : undefined;
  }, [id, isNear]);

  const state = url === undefined ? 'waiting' : url === null ? 'missing' : 'shown';
  return (
    <span ref={frame} class={`picture picture-${state}`} style={{ width: `${size}px`, height: `${size}px` }}>
      {url ? <img src={url} alt={alt} width={size} height={size} /> : url === null
        ? <span class="muted" title="No picture">–</span> : null}
    </span>
  );
}

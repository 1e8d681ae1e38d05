import { createSubscriber } from 'svelte/reactivity';

/** Whether ink is light, as last read back from the page; kept while something watches for changes. */
let lightInk: boolean | null = null;

const subscribe = createSubscriber((changed) => {
  const update = () => {
    lightInk = null;
    changed();
  };
  const queries = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', update);
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributeFilter: ['class', 'style', 'data-theme'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', update);
    observer.disconnect();
    lightInk = null;
  };
});

/** Any CSS colour as [r, g, b], resolved by the browser. */
function resolveColour(css: string): [number, number, number] {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

function isInkLight(): boolean {
  const [r, g, b] = resolveColour(getComputedStyle(document.body).color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 128;
}

/** What canvas drawings need to know of the page's theme; reading it in an effect or a $derived keeps it current. */
export const theme = {
  /** Light ink means dark paper: asks the page itself, whichever way its theme was chosen. */
  get dark(): boolean {
    subscribe();
    // Untracked reads are not told of changes, so theirs is not kept.
    if (!$effect.tracking()) return isInkLight();
    return (lightInk ??= isInkLight());
  },
  get printing(): boolean {
    subscribe();
    return matchMedia('print').matches;
  },
};

export interface CanvasColours {
  ink: string;
  /** Ground between the marks. */
  ground: string;
  /** Marks that must stand out. */
  accent: string;
  font: string;
}

/**
 * Colours and font for drawing, as the browser resolved them on the canvas itself: its `color`, `border-color`,
 * `caret-color` and font, which the component's stylesheet sets from the page's tokens.
 */
export function canvasColours(element: Element): CanvasColours {
  const style = getComputedStyle(element);
  return {
    ink: style.color,
    ground: style.borderTopColor,
    accent: style.caretColor,
    font: `${style.fontSize} ${style.fontFamily}`,
  };
}

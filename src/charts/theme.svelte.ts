import { createSubscriber } from 'svelte/reactivity';
import { TEXT_SIZE } from './axis';

/** What was last read back from the page; kept while something watches for changes. */
let known: { dark?: boolean; canvas?: CanvasStyle } = {};

const subscribe = createSubscriber((changed) => {
  const update = () => {
    known = {};
    changed();
  };
  const queries = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', update);
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributeFilter: ['class', 'style', 'data-theme'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', update);
    observer.disconnect();
    known = {};
  };
});

function remember<K extends keyof typeof known>(key: K, read: () => NonNullable<(typeof known)[K]>) {
  subscribe();
  // Untracked reads are not told of changes, so theirs is not kept.
  return $effect.tracking() ? (known[key] ??= read()) : read();
}

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

/** Colours and type of canvas drawings, as the browser resolves the page's tokens. */
export interface CanvasStyle {
  ink: string;
  /** Of names and numbers. */
  text: string;
  rule: string;
  ruleStrong: string;
  series: string;
  font: string;
}

function readCanvasStyle(): CanvasStyle {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const computed = getComputedStyle(probe);
  const read = (property: 'color' | 'font-family', token: string) => {
    probe.style.setProperty(property, `var(${token})`);
    return computed.getPropertyValue(property);
  };
  const style = {
    ink: read('color', '--ink'),
    text: read('color', '--ink-2'),
    rule: read('color', '--rule'),
    ruleStrong: read('color', '--rule-strong'),
    series: read('color', '--series-a'),
    font: `${TEXT_SIZE}px ${read('font-family', '--font-sans')}`,
  };
  probe.remove();
  return style;
}

/** What drawings need to know of the theme; reading it in an effect or a $derived keeps it current. */
export interface ChartTheme {
  readonly dark: boolean;
  /** Drawn for a file: nothing of what is selected or pointed at on the page. */
  readonly figure: boolean;
}

export const figureTheme: ChartTheme = { dark: false, figure: true };

/** The page's. */
export const theme = {
  figure: false,
  /** Light ink means dark paper: asks the page itself, whichever way its theme was chosen. */
  get dark(): boolean {
    return remember('dark', isInkLight);
  },
  get canvas(): CanvasStyle {
    return remember('canvas', readCanvasStyle);
  },
  get printing(): boolean {
    subscribe();
    return matchMedia('print').matches;
  },
};

import { getContext, setContext, type Component } from 'svelte';
import { figureTheme, theme, type ChartTheme } from './theme.svelte';

const FRAME = Symbol('frame');
const THEME = Symbol('theme');
const SUBJECT = Symbol('subject');

/** How a chart on a canvas is drawn for a file: as SVG with only its pixels as a picture, loaded when it is asked for. */
export interface FigureSource<Props extends Record<string, unknown> = Record<string, unknown>> {
  load: () => Promise<{ default: Component<Props> }>;
  props: () => Props;
  /** Whether there is anything to draw. */
  drawn: () => boolean;
}

interface Frame {
  register(figure: FigureSource): () => void;
}

/** Called by the frame: what is drawn on a canvas registers here. */
export function provideFrame(frame: Frame): void {
  setContext(FRAME, frame);
}

/** For charts on a canvas; others are drawn anew as they are. */
export function registerFigure<Props extends Record<string, unknown>>(figure: FigureSource<Props>): void {
  const frame = getContext<Frame | undefined>(FRAME);
  // The frame gives the component no other props than its own.
  $effect(() => frame?.register(figure as unknown as FigureSource));
}

/** What is drawn within is for a file: in light colours, whatever the page's, and without what is selected. */
export function provideFigureTheme(): void {
  setContext(THEME, figureTheme);
}

export function chartTheme(): ChartTheme {
  return getContext<ChartTheme | undefined>(THEME) ?? theme;
}

/** What the charts within are of, for the captions of saved ones: the model, then the layer where it is one's. */
export function provideSubject(subject: () => string[]): void {
  setContext(SUBJECT, subject);
}

export function chartSubject(): () => string[] {
  return getContext<(() => string[]) | undefined>(SUBJECT) ?? (() => []);
}

/** What the charts within are of where it is the whole model, as long as `wholeModel` says so, within the view of a layer too. */
export function provideSubjectOf(wholeModel: () => boolean): void {
  const around = chartSubject();
  provideSubject(() => (wholeModel() ? around().slice(0, 1) : around()));
}

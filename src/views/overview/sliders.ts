import { maximumEntropy } from '../../analysis/entropy';
import { formatLimit, formatValue } from '../../charts/format-number';
import { DEFAULT_THRESHOLDS, THRESHOLD_RANGES, type Thresholds } from '../../domain/thresholds';

export interface Slider {
  key: keyof Thresholds;
  label: string;
  /** Of what the value is a part, or where it counts. */
  unit: string;
  /** Where the default comes from. */
  source: string;
  /** Equal steps are equal ratios. */
  logarithmic: boolean;
  /** Printed in per cent. */
  share: boolean;
}

/** Positions of a slider: 0 to this. */
export const STEPS = 400;

const PUBLISHED = 'The default of CNN Filter DB, chosen there for 3x3 filters of image models.';

export const SLIDERS: readonly Slider[] = [
  {
    key: 'sparsityEpsilon',
    label: 'A filter is sparse below',
    unit: 'of the largest weight of its layer',
    source: PUBLISHED,
    logarithmic: true,
    share: true,
  },
  {
    key: 'sparseShare',
    label: 'A layer is sparse from',
    unit: 'of its filters sparse',
    source: PUBLISHED,
    logarithmic: false,
    share: true,
  },
  {
    key: 'lowEntropy',
    label: 'Low in diversity: H below',
    unit: `(maximum ${formatValue(maximumEntropy(Infinity, 9))} for 3x3)`,
    source: `${PUBLISHED} For other kernel sizes we take the same part of the largest possible H.`,
    logarithmic: false,
    share: false,
  },
  {
    key: 'randomMargin',
    label: 'Near-random margin',
    unit: 'less than T_H still counts as nearly random',
    source: PUBLISHED,
    logarithmic: false,
    share: false,
  },
];

/** A threshold that was set, as the page prints it. */
export function sliderText({ share }: Slider, value: number): string {
  return share ? formatLimit(value) : value.toFixed(3);
}

/** The question that the source answers, on one line: `Why 14 %?` */
export function sliderQuestion({ key, share }: Slider): string {
  const preset = DEFAULT_THRESHOLDS[key];
  return `Why ${share ? formatLimit(preset) : preset}?`.replaceAll(' ', '\u00a0');
}

export function sliderPosition({ key, logarithmic }: Slider, value: number): number {
  const [low, high] = THRESHOLD_RANGES[key];
  const t = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(Math.min(1, Math.max(0, t)) * STEPS);
}

/** The value at a position, rounded to what the page prints; the default where the position is the default's. */
export function sliderValue(slider: Slider, position: number): number {
  const preset = DEFAULT_THRESHOLDS[slider.key];
  if (position === sliderPosition(slider, preset)) return preset;
  const [low, high] = THRESHOLD_RANGES[slider.key];
  const t = position / STEPS;
  const value = slider.logarithmic ? low * (high / low) ** t : low + t * (high - low);
  return slider.logarithmic ? Number(value.toPrecision(2)) : Number(value.toFixed(4));
}

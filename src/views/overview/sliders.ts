import { maximumEntropy } from '../../analysis/entropy';
import { formatLimit, formatValue } from '../../charts/format-number';
import { DEFAULT_THRESHOLDS, THRESHOLD_RANGES, type Thresholds } from '../../domain/thresholds';

export interface Slider {
  key: keyof Thresholds;
  label: string;
  /** Where the default comes from, and what the threshold does. */
  source: string;
  /** Equal steps are equal ratios. */
  logarithmic: boolean;
  /** Printed in per cent. */
  share: boolean;
}

/** Positions of a slider: 0 to this. */
export const STEPS = 400;

/** Where the defaults come from; the paper's own data are 3x3 filters only. */
const PUBLISHED =
  'The default of CNN Filter DB (CVPR 2022, arXiv 2203.15331), set on the 1.4 billion 3x3 filters of 647 mostly image models.';

export const SLIDERS: readonly Slider[] = [
  {
    key: 'sparsityEpsilon',
    label: 'A filter is sparse below',
    source: `of its layer’s largest weight. Why ${formatLimit(DEFAULT_THRESHOLDS.sparsityEpsilon)}? ${PUBLISHED}`,
    logarithmic: true,
    share: true,
  },
  {
    key: 'sparseShare',
    label: 'A layer is sparse from',
    source: `of its filters sparse. Why ${formatLimit(DEFAULT_THRESHOLDS.sparseShare)}? ${PUBLISHED}`,
    logarithmic: false,
    share: true,
  },
  {
    key: 'lowEntropy',
    label: 'Low diversity: H below',
    source: `of at most ${formatValue(maximumEntropy(Infinity, 9))} for 3x3. Why ${DEFAULT_THRESHOLDS.lowEntropy}? ${PUBLISHED} For other kernel sizes the limit is scaled to their largest possible H [ours].`,
    logarithmic: false,
    share: false,
  },
  {
    key: 'randomMargin',
    label: 'Near-random margin',
    source: `H at least T_H less this. Why ${DEFAULT_THRESHOLDS.randomMargin}? ${PUBLISHED} T_H itself is a logistic fit to the entropy of random 3x3 layers; for other kernel sizes it is simulated [ours].`,
    logarithmic: false,
    share: false,
  },
];

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

import { formatShare, formatValue } from '../../charts/format-number';
import { scaleAtPercentile, scaleOf, scalePerItem, type KernelScale } from '../../charts/kernel-scale';
import type { Weights } from '../../domain/filters';
import { formatCount } from '../../domain/format';
import type { KernelScale as ScaleChoice } from '../../state/kernel-choices';

/** `99` of `p99`; null for the scales that are no percentile. */
function percentileOf(choice: ScaleChoice): number | null {
  return choice.startsWith('p') ? Number(choice.slice(1)) : null;
}

export function scaleName(choice: ScaleChoice): string {
  const percentile = percentileOf(choice);
  if (percentile !== null) return `${percentile}th percentile of |w|`;
  return choice === 'layer' ? 'one for the layer' : 'each kernel its own';
}

/** `width`: weights of an item of the mosaic; `peak`: the layer's largest |w|. */
export function chosenScale(choice: ScaleChoice, values: Weights, width: number, peak: number): KernelScale {
  const percentile = percentileOf(choice);
  if (percentile !== null) return scaleAtPercentile(values, percentile / 100, peak);
  return choice === 'layer' ? scaleOf(peak) : scalePerItem(values, width, peak);
}

/** The scale in words, with its ends and what lies beyond them. */
export function scaleText(choice: ScaleChoice, scale: KernelScale, peak: number, weights: number): string {
  const largest = `peak |w| ${formatValue(peak)}`;
  const percentile = percentileOf(choice);
  if (choice === 'kernel')
    return `each kernel on a scale of its own, to its largest |w|; of the layer, ${largest}`;
  if (percentile === null) return `one scale, symmetric about 0, ${largest}`;
  const beyond = `${formatCount(scale.clipped)} of ${formatCount(weights)} weights (${formatShare(scale.clipped / weights)}) lie beyond and are drawn as its ends`;
  return `one scale to the ${percentile}th percentile of |w|, ±${formatValue(scale.peak)}: ${beyond}; ${largest}`;
}

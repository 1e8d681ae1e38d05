import { BANDWIDTH_FORMULA, SPIKY_SHARE } from '../../analysis/kde';
import { CHANCE_LEVEL, TAIL } from '../../analysis/quantile';
import { formatLimit, formatPower, formatValue } from '../../charts/format-number';
import { FILTERS_A_CELL, LOWEST_SHARE, MOST_DOTS } from '../../charts/scatter-cells';
import type { Explanation } from '../../charts/types';
import { formatCount } from '../../domain/format';
import { DENSITY } from '../../domain/histogram';
import { BINS } from '../../domain/results';

const DB = 'Gavrikov & Keuper, CNN Filter DB, CVPR 2022 (arXiv 2203.15331)';

/** The cells of the scatter, `512 × 512 cells of 0.0129 over [−3.3, 3.3]²`. */
export const DENSITY_GRID = `${DENSITY.size} × ${DENSITY.size} cells of ${formatValue((2 * DENSITY.extent) / DENSITY.size)} over [${formatValue(-DENSITY.extent, 2)}, ${formatValue(DENSITY.extent, 2)}]²`;

/** When bars stand alone. */
export const SPIKY_RULE = `bars alone where more than ${formatLimit(SPIKY_SHARE)} of the filters, beyond chance, would lie above the curve`;

/** What stands behind "What is this?" of the charts that several views show. */
export const EXPLANATIONS = {
  basis: {
    text: 'Each filter is divided by its own largest |weight|; the principal components of all of them are the patterns that the filters are mixtures of, by falling share of variance (EVR). Components with nearly equal EVR may rotate or swap: compare the space they span. The curve adds the shares up.',
    formula: "f' = f / max|f|;  Σ = 1/(n−1) Σ (f' − μ)(f' − μ)ᵀ;  EVRᵢ = λᵢ / Σ λ",
    source: DB,
  },
  distributions: {
    text: 'The coefficients of the filters on each component: bars are exact counts as density, the curve a Gaussian kernel density estimate, which smooths: spikes are left to the bars. The outline is the set it is held against. All share one range, the least and greatest coefficient of any component.',
    formula: `cᵢ = (f' − μ) · vᵢ;  KDE bandwidth ${BANDWIDTH_FORMULA}`,
    source: DB,
  },
  scatter: {
    text: `How often two coefficients occur together: counts on a logarithmic colour scale that ends at the densest cell and reaches down ${formatPower(LOWEST_SHARE)} of it, or to a single filter. Cells are joined until they hold ${FILTERS_A_CELL} filters on average; up to ${formatCount(MOST_DOTS)} filters are drawn as dots. The paper reads four shapes by eye: sun (a round blob), spikes (discrete hot spots: low diversity), symbols (several modes or arms) and point (all mass at the centre: sparse).`,
    formula: `2-D histogram, ${DENSITY_GRID}`,
    source: DB,
  },
  ridge: {
    text: 'One row per tenth of the depth of the network, one column per component: the density of the coefficients, as a smooth estimate, or as bars where spikes would be smoothed away. Rows that look alike mean filters alike. All columns share one x range; heights are scaled row by row.',
    formula: `Gaussian KDE, Silverman bandwidth ${BANDWIDTH_FORMULA}`,
    source: DB,
  },
  drift: {
    text: `How far the coefficient distributions of two depth deciles lie apart: 0 for equal ones. Few filters inflate it, so each pair has its null, the ${CHANCE_LEVEL * 100}th percentile between random halves of the pooled filters at the same sizes; a drift not above it means nothing, and its cell is grey and crossed. D is symmetric: each pair stands once. The ${formatLimit(1 - 2 * TAIL)} interval that is read out has the bias of few filters taken off (basic bootstrap), so it may lie below the drift.`,
    formula: `D(p, q) = Σᵢ EVRᵢ Σ [P ln(P/Q) + Q ln(Q/P)], ${BINS} bins, empty bins at float32 ε before normalising`,
    source: `${DB}; the null and the interval are ours`,
  },
} satisfies Record<string, Explanation>;

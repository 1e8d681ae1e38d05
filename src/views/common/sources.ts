import type { Explanation } from '../../charts/types';

const DB = 'Gavrikov & Keuper, CNN Filter DB, CVPR 2022 (arXiv 2203.15331)';

/** What stands behind "What is this?" of the charts that several views show. */
export const EXPLANATIONS = {
  basis: {
    text: 'Each filter is divided by its own largest |weight|; the principal components of all of them are the patterns that the filters are mixtures of, by falling share of variance (EVR). Components with nearly equal EVR may rotate or swap: compare the space they span. The curve adds the shares up.',
    formula: "f' = f / max|f|;  Σ = 1/(n−1) Σ (f' − μ)(f' − μ)ᵀ;  EVRᵢ = λᵢ / Σ λ",
    source: DB,
  },
  distributions: {
    text: 'The coefficients of the filters on each component: bars are exact counts as density, the curve a Gaussian kernel density estimate, the outline the set it is held against. All share one range, the least and greatest coefficient of any component.',
    formula: "cᵢ = (f' − μ) · vᵢ;  KDE bandwidth h = min(s, IQR/1.349) (3n/4)^(−1/5)",
    source: DB,
  },
  scatter: {
    text: 'How often two coefficients occur together: counts on a logarithmic colour scale that ends at the densest cell and reaches down 10⁻⁵ of it, or to a single filter. Cells are joined until they hold four filters on average; up to 3,000 filters are drawn as dots. The paper reads four shapes by eye: sun (a round blob), spikes (discrete hot spots: low diversity), symbols (several modes or arms) and point (all mass at the centre: sparse).',
    formula: '2-D histogram, 512 × 512 over [−3.3, 3.3]²',
    source: DB,
  },
  ridge: {
    text: 'One row a tenth of the depth of the network, one column a component: the density of the coefficients. Rows that look alike mean filters alike. All columns share one x range; heights are scaled row by row.',
    formula: 'Gaussian KDE, Silverman bandwidth h = min(s, IQR/1.349) (3n/4)^(−1/5)',
    source: DB,
  },
  drift: {
    text: 'How far the coefficient distributions of two depth deciles lie apart: 0 for equal ones. Few filters inflate it, so each cell also shows its null, the 95th percentile between random halves of the pooled filters at the same sizes; a drift not above it is marked and means nothing. The 95 % interval that is read out has the bias of few filters taken off (basic bootstrap), so it may lie below the drift.',
    formula:
      'D(p, q) = Σᵢ EVRᵢ Σ [P ln(P/Q) + Q ln(Q/P)], 70 bins, empty bins at float32 ε before normalising',
    source: `${DB}; the null and the interval are ours`,
  },
} satisfies Record<string, Explanation>;

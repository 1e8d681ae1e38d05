export interface Citation {
  text: string;
  /** Where it can be read; null where that is this page. */
  url: string | null;
  bibtex: string;
}

function arXiv(key: string, id: string, title: string, year: number): string {
  return `@misc{${key},
  author = {Gavrikov, Paul and Keuper, Janis},
  title = {${title}},
  year = {${year}},
  eprint = {${id}},
  archivePrefix = {arXiv}
}`;
}

/** Filterscope itself, then what its measures come from. */
export function citations(version: string): Citation[] {
  return [
    {
      text: `Filterscope, version ${version}, MIT licence.`,
      url: null,
      bibtex: `@software{filterscope,
  author = {{The Filterscope authors}},
  title = {Filterscope},
  version = {${version}},
  license = {MIT}
}`,
    },
    {
      text: 'Gavrikov & Keuper, CNN Filter DB, CVPR 2022: basis, sparsity, variance entropy, drift.',
      url: 'https://arxiv.org/abs/2203.15331',
      bibtex: `@inproceedings{gavrikov2022cnnfilterdb,
  author = {Gavrikov, Paul and Keuper, Janis},
  title = {{CNN Filter DB}: An Empirical Investigation of Trained Convolutional Filters},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
  year = {2022},
  eprint = {2203.15331},
  archivePrefix = {arXiv}
}`,
    },
    {
      text: 'torchconvquality 0.4: quality figures as code, orthogonality.',
      url: 'https://github.com/paulgavrikov/torchconvquality',
      bibtex: `@software{torchconvquality,
  author = {Gavrikov, Paul},
  title = {torchconvquality},
  version = {0.4},
  url = {https://github.com/paulgavrikov/torchconvquality}
}`,
    },
    {
      text: 'Gavrikov & Keuper on robust models, 2022: clean variance entropy.',
      url: 'https://arxiv.org/abs/2204.02481',
      bibtex: arXiv(
        'gavrikov2022robust',
        '2204.02481',
        'Adversarial Robustness through the Lens of Convolutional Filters',
        2022,
      ),
    },
    {
      text: 'Gavrikov & Keuper on medical models, 2022: drift.',
      url: 'https://arxiv.org/abs/2210.13799',
      bibtex: arXiv(
        'gavrikov2022medical',
        '2210.13799',
        'Does Medical Imaging learn different Convolution Filters?',
        2022,
      ),
    },
  ];
}

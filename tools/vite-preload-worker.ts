import type { Plugin } from 'vite';

/** Has the built page fetch the script of `worker` while its own loads: it is the first thing the page asks for. */
export function preloadWorker(worker: string): Plugin {
  return {
    name: 'filterscope:preload-worker',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const file = Object.keys(bundle).find((name) => name.startsWith(`assets/${worker}-`));
        if (!file) throw new Error(`The build has no script of ${worker} to preload.`);
        const attrs = { rel: 'preload', as: 'fetch', crossorigin: true, href: `./${file}` };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}

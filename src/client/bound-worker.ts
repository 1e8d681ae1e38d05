/**
 * The address to start `script` from as a module worker that the page's Content-Security-Policy binds. A worker started
 * from its own address follows the headers of that response alone, which a static host does not set; one started from a
 * blob inherits the policy of the page. Made once a script and kept, so that a crashed worker can be started again.
 */
export function boundWorkerUrl(script: string): string {
  const { href } = new URL(script, import.meta.url);
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(href)};`], { type: 'text/javascript' }));
}

import { createAnalysisApi } from './analysis-api';
import type { LayerEngine } from './layer-engine';
import { connect, serve, type Endpoint } from './rpc';
import type { StartMessage } from './start-message';

/** A helper's port; the first call through it asks the page to start the helpers, which an analysis on a GPU never needs. */
function wakingPort(port: MessagePort): Endpoint {
  return {
    postMessage(message, transfer) {
      wakeHelpers();
      port.postMessage(message, transfer);
    },
    addEventListener: (type, listener) => port.addEventListener(type, listener),
    start: () => port.start(),
  };
}

let awake = false;
function wakeHelpers(): void {
  if (!awake) self.postMessage('helpers');
  awake = true;
}

self.addEventListener(
  'message',
  ({ data }: MessageEvent<StartMessage>) => {
    const helpers = data.helperPorts.map((port) => connect<LayerEngine>(wakingPort(port)).remote);
    serve(data.port as Endpoint, createAnalysisApi(helpers));
  },
  { once: true },
);

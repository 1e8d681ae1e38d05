import { AppError } from '../domain/errors';
import { createAnalysisApi } from './analysis-api';
import type { LayerEngine } from './layer-engine';
import { connect, serve, type Endpoint } from './rpc';
import type { StartMessage, WorkerNotice } from './start-message';

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
  if (!awake) self.postMessage('helpers' satisfies WorkerNotice);
  awake = true;
}

/** A helper that falls silent fails what it was asked for, and every later request. */
function connectHelper(port: MessagePort): LayerEngine {
  const connection = connect<LayerEngine>(wakingPort(port), {
    onSilence: () =>
      connection.fail(
        new AppError('worker-crashed', 'A part of the analysis stopped answering; try the file again.'),
      ),
  });
  return connection.remote;
}

self.addEventListener(
  'message',
  ({ data }: MessageEvent<StartMessage>) => {
    serve(data.port as Endpoint, createAnalysisApi(data.helperPorts.map(connectHelper)));
  },
  { once: true },
);

self.postMessage('started' satisfies WorkerNotice);

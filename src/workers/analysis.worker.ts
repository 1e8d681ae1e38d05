import { AppError } from '../domain/errors';
import { createAnalysisApi } from './analysis-api';
import type { LayerEngine } from './layer-engine';
import { connect, serve, type Endpoint } from './rpc';
import type { StartMessage } from './start-message';

const scope = self as unknown as Endpoint;

self.addEventListener(
  'message',
  ({ data }: MessageEvent<StartMessage>) => {
    const helpers = data.helperPorts.map((port) => connectHelper(port as Endpoint));
    serve(scope, createAnalysisApi(helpers));
  },
  { once: true },
);

/** A helper that falls silent fails what it was asked for, and every later request. */
function connectHelper(port: Endpoint): LayerEngine {
  const connection = connect<LayerEngine>(port, {
    onSilence: () =>
      connection.fail(
        new AppError('worker-crashed', 'A part of the analysis stopped answering; try the file again.'),
      ),
  });
  return connection.remote;
}

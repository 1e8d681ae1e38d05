import { createAnalysisApi } from './analysis-api';
import type { LayerEngine } from './layer-engine';
import { connect, serve, type Endpoint } from './rpc';
import type { StartMessage } from './start-message';

const scope = self as unknown as Endpoint;

self.addEventListener(
  'message',
  ({ data }: MessageEvent<StartMessage>) => {
    const helpers = data.helperPorts.map((port) => connect<LayerEngine>(port as Endpoint).remote);
    serve(scope, createAnalysisApi(helpers));
  },
  { once: true },
);

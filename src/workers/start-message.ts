/** What a worker says outside the channel: that it runs; and, the analysis worker, that it wants its helpers. */
export type WorkerNotice = 'started' | 'helpers';

/** First message to a worker: its end of the channel on which it is called. */
export interface HelperStartMessage {
  port: MessagePort;
}

/** First message to the analysis worker: one port more to each helper worker. */
export interface StartMessage extends HelperStartMessage {
  helperPorts: MessagePort[];
}

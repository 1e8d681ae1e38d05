/** First message to a worker: its end of the channel on which it is called. */
export interface HelperStartMessage {
  port: MessagePort;
}

/** First message to the analysis worker: one port more to each helper worker. */
export interface StartMessage extends HelperStartMessage {
  helperPorts: MessagePort[];
}

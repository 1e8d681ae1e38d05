/** First message to the analysis worker: one port to each helper worker. */
export interface StartMessage {
  helperPorts: MessagePort[];
}

/** First message to a helper worker: its end of the port. */
export interface HelperStartMessage {
  port: MessagePort;
}

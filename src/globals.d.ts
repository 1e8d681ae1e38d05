/** Version of package.json, set by the build. */
declare const __APP_VERSION__: string;

declare module '*.as.ts?wasm' {
  /** The compiled module, base64. */
  const base64: string;
  export default base64;
}

/** Version of package.json, set by the build. */
declare const __APP_VERSION__: string;

declare module '*.as.ts?wasm' {
  /** The compiled module, base64; see src/compute/cpu/wasm-module.ts. */
  const module: string;
  export default module;
}

/** Trusted Types, which TypeScript's DOM does not know yet; a trusted address is typed as the string it stands for. */
declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    }
  | undefined;

import { cutMiddle, ends } from '../domain/text';

/** Hands bytes to the browser as a file to save. */
export function download(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // The browser reads the address after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function canvasBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no image.'))),
      'image/png',
    );
  });
}

/** Bytes of UTF-8 that a name may have: less than the 255 that most systems allow, which may add a suffix of their own. */
const MOST_BYTES = 200;
const UNSAFE = /(?:[^\p{L}\p{M}\p{N}._-]|\p{Default_Ignorable_Code_Point})+/gu;
/** Windows' devices: no file can have such a name, whatever follows its first dot. */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)/i;
const utf8 = new TextEncoder();

/**
 * A file name every system takes: letters of any script, digits, dot, dash, underscore; never empty. A long one keeps both
 * ends, of which the last says which chart it is.
 */
export function safeFilename(name: string, extension: string): string {
  const stem =
    ends(name, MOST_BYTES)
      .normalize('NFC')
      .replace(UNSAFE, '-')
      .match(/\P{M}\p{M}*/gu) ?? [];
  const room = MOST_BYTES - extension.length - 1;
  const short = cutMiddle(stem, room, (part) => utf8.encode(part).length, '--')
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(DEVICE, '_$&');
  return `${short || 'chart'}.${extension}`;
}

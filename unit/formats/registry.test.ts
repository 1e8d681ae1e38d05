import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/formats/byte-source';
import { detectFormat, FORMATS } from '../../src/formats/registry';
import { concatBytes, convModel, tensor } from './support/onnx-writer';

function text(s: string) {
  return new TextEncoder().encode(s);
}

function latin(s: string) {
  return Uint8Array.from(s, (c) => c.charCodeAt(0));
}

function detect(bytes: Uint8Array, name = 'x.onnx') {
  return detectFormat(bytesSource(name, bytes));
}

function flatbuffer(id: string) {
  return concatBytes([[0x18, 0, 0, 0], latin(id), new Uint8Array(64)]);
}

test('ONNX is told by content, whatever the name', async () => {
  const format = await detect(convModel({ initializers: [tensor('w', [1, 1, 1], [1])] }), 'photo.jpg');
  expect(format).toBe(FORMATS[0]);
  expect(format).toMatchObject({ names: { id: 'onnx', label: 'ONNX' } });
});

describe('other files are named, with the next step', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['empty', new Uint8Array(0), 'empty-file', '"x.onnx" is empty (0 bytes): download or export it again.'],
    [
      'Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 46\n'),
      'wrong-kind',
      '"x.onnx" is a Git LFS pointer, not the model itself: fetch the real file with "git lfs pull" and drop that.',
    ],
    [
      'web page',
      text('\n<!DOCTYPE html><html><body>Not found</body></html>'),
      'wrong-kind',
      '"x.onnx" is a web page, not a model: the download link led to a page; download the file behind it (on GitHub: "Raw").',
    ],
    ['XML', text('<?xml version="1.0"?><net/>'), 'wrong-kind', 'an XML file'],
    [
      'ONNX as text',
      text('ir_version: 7\ngraph {\n  node {\n'),
      'unsupported-format',
      '"x.onnx" is an ONNX model in text form: convert it to binary with onnx.save and drop that.',
    ],
    [
      'ONNX in its own syntax',
      text('<\n  ir_version: 7\n>\nagraph (float[N] x) => (float[N] y) {}'),
      'unsupported-format',
      'an ONNX model in text form',
    ],
    [
      'TensorFlow.js',
      text('{"modelTopology": {}, "weightsManifest": []}'),
      'unsupported-format',
      'a TensorFlow.js model description',
    ],
    ['JSON', text('{"a": 1}'), 'wrong-kind', 'a JSON file'],
    [
      'text',
      text('Hello, wörld'),
      'wrong-kind',
      '"x.onnx" is a text file, not a model: drop the model file itself.',
    ],
    [
      'PyTorch zip',
      latin('PK\x03\x04\x00\x00\x08\x08\x00\x00\x00\x00\x00\x00\x00\x00archive/data.pkl'),
      'unsupported-format',
      'a PyTorch checkpoint',
    ],
    [
      'NumPy zip',
      latin('PK\x03\x04\x14\x00\x00\x00weight.npy'),
      'unsupported-format',
      'an archive of NumPy arrays',
    ],
    ['Keras zip', latin('PK\x03\x04\x14\x00\x00\x00metadata.json'), 'unsupported-format', 'a Keras archive'],
    [
      'zip',
      latin('PK\x03\x04\x14\x00\x00\x00model.onnx'),
      'wrong-kind',
      '"x.onnx" is a zip archive: unpack it and drop the model file inside.',
    ],
    ['pickle', latin('\x80\x02}q\x00'), 'unsupported-format', 'a Python pickle'],
    ['gzip', latin('\x1f\x8b\x08\x00'), 'wrong-kind', 'a gzip archive'],
    ['tar', concatBytes([new Uint8Array(257), latin('ustar\x0000')]), 'wrong-kind', 'a tar archive'],
    ['HDF5', latin('\x89HDF\r\n\x1a\n\0\0'), 'unsupported-format', 'an HDF5 file'],
    [
      'safetensors',
      concatBytes([[2, 0, 0, 0, 0, 0, 0, 0], latin('{}')]),
      'unsupported-format',
      'a safetensors file',
    ],
    ['ONNX Runtime', flatbuffer('ORTM'), 'unsupported-format', 'an ONNX Runtime file (.ort)'],
    ['TensorFlow Lite', flatbuffer('TFL3'), 'unsupported-format', 'a TensorFlow Lite model'],
    ['PNG', latin('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'wrong-kind', 'a PNG image'],
    [
      'unknown',
      Uint8Array.of(0xff, 0xfe, 0, 1),
      'wrong-kind',
      '"x.onnx" is no model that Filterscope knows (it begins with the bytes ff fe 00 01): drop a model in one of the formats it reads: ONNX.',
    ],
  ])('%s', async (_, bytes, code, sentence) => {
    const error = await detect(bytes).then(
      () => null,
      (e: Error) => e,
    );
    expect(error).toMatchObject({ name: 'AppError', code, details: { file: 'x.onnx' } });
    expect(error!.message).toContain(sentence);
    expect(error!.message).toMatch(/^"x\.onnx" is .*\.$/);
  });

  test('every message ends with one full stop, also for text cut in the middle of a character', async () => {
    const long = text('é'.repeat(5000));
    await expect(detect(long.subarray(0, 4097))).rejects.toMatchObject({
      message: expect.stringContaining('a text file') as string,
    });
  });
});

#!/usr/bin/env python3
"""Trains the sample networks and writes them, with their manifest, to public/samples.

usage: train.py [--only NAME ...] [--list] [--texts] [--out DIR]

On the same PyTorch version and kind of processor a second run writes the same bytes.
"""
import argparse
import sys
import time
import zlib
from functools import lru_cache
from pathlib import Path

import torch

import export
import manifest
from catalogue import SAMPLES


@lru_cache(maxsize=1)
def trained(source):
    """Trains the sample of this name; two samples that share a training follow each other and train once."""
    sample = next(s for s in SAMPLES if s.id == source)
    torch.manual_seed(zlib.crc32(source.encode()) + sample.seed)
    network = sample.build()
    return (network, *sample.fit(network))


def make(sample):
    """Trains one sample; returns (network, epochs, metrics, floor) and raises where the metric misses its floor."""
    network, epochs, metrics, floor = trained(sample.folded_from or sample.id)
    for metric in metrics:
        print(f'    {metric["name"]} {metric["value"]:.4f} (chance {metric["chance"]:.4f})', flush=True)
    if floor is not None and not metrics[0]['value'] >= floor:
        raise SystemExit(f'{sample.id}: {metrics[0]["name"]} {metrics[0]["value"]:.4f} misses its floor {floor}')
    return network, epochs, metrics, floor


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', nargs='+', metavar='NAME', help='train these samples alone')
    parser.add_argument('--list', action='store_true', help='list the samples and end')
    parser.add_argument('--texts', action='store_true', help='renew the texts of the manifest from the catalogue, train nothing')
    parser.add_argument('--out', type=Path, help='write the ONNX files there and leave the manifest as it is')
    arguments = parser.parse_args()
    by_id = {sample.id: sample for sample in SAMPLES}
    if arguments.list:
        for sample in SAMPLES:
            print(f'{sample.id:30} {sample.title}')
        return
    if arguments.texts:
        manifest.renew_texts(SAMPLES)
        return
    unknown = [name for name in arguments.only or [] if name not in by_id]
    if unknown:
        sys.exit(f'No sample is called {unknown[0]}; --list names them.')
    torch.set_num_threads(1)
    folder = arguments.out or manifest.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.only or by_id:
        sample = by_id[name]
        print(name, flush=True)
        started = time.monotonic()
        network, epochs, metrics, floor = make(sample)
        content = export.to_onnx(network, sample.input_shape, sample.batch_norm)
        convolutions, weights = export.check(content, sample.batch_norm)
        (folder / f'{name}.onnx').write_bytes(content)
        print(f'    {convolutions} convolutions, {weights} weights, {len(content)} bytes, {time.monotonic() - started:.0f} s', flush=True)
        if not arguments.out:
            entries = manifest.read()
            entries[name] = manifest.entry(sample, content, epochs, metrics, floor)
            manifest.write(entries, list(by_id))


if __name__ == '__main__':
    main()

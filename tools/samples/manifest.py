"""Reads and writes public/samples/manifest.json, the list the page offers."""
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / 'public' / 'samples'
PATH = FOLDER / 'manifest.json'
VERSION = 1


def rounded(metric):
    return dict(name=metric['name'], value=round(metric['value'], 4), chance=round(metric['chance'], 4))


def texts(sample):
    """What the catalogue alone says about a sample, in the order of the manifest."""
    return dict(
        group=sample.group,
        teaches=sample.teaches,
        task=sample.task,
        visualCategory=sample.category,
        trainingData=sample.training_data,
        trainingDataSize=sample.size,
        architecture=sample.architecture,
        batchNorm=sample.batch_norm,
        training=sample.training,
    )


def renew_texts(samples):
    """Writes the titles, descriptions and metadata of the catalogue into the entries there are."""
    entries = read()
    for sample in samples:
        if sample.id in entries:
            entries[sample.id].update(texts(sample), title=sample.title, description=sample.description)
    write(entries, [sample.id for sample in samples])


def entry(sample, content, epochs, metrics, floor):
    """One model of the manifest. `floor` is the value its metric had to reach, null for an untrained one."""
    return dict(
        id=sample.id,
        file=f'{sample.id}.onnx',
        title=sample.title,
        byteLength=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **texts(sample),
        metric=dict(rounded(metrics[0]), floor=floor),
        otherMetrics=[rounded(m) for m in metrics[1:]],
        epochs=epochs,
        seed=sample.seed,
        license='MIT',
        description=sample.description,
    )


def read():
    """Entries by id; empty where there is no manifest yet."""
    if not PATH.exists():
        return {}
    return {model['id']: model for model in json.loads(PATH.read_text())['models']}


def write(entries, order):
    """Entries in the order of the catalogue; those of samples no longer in it are dropped."""
    models = [entries[name] for name in order if name in entries]
    PATH.write_text(json.dumps(dict(version=VERSION, models=models), indent=2) + '\n')

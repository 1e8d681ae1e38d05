#!/usr/bin/python3
"""Makes unit/golden/onnx-schema.json: the fields of ONNX's messages, as the onnx package's own descriptors have them.

usage: onnx-schema.py [--out unit/golden/onnx-schema.json]

Needs onnx (pip install onnx); the newer, the more fields the test knows.
"""
import argparse, json
import onnx
from google.protobuf.descriptor import FieldDescriptor as Field

TYPES = {value: name[5:].lower() for name, value in vars(Field).items() if name.startswith('TYPE_')}


def fields(message, found):
    """Adds `message` and all it holds to `found`: by message and field name, its declaration without the name."""
    if message.full_name in found:
        return
    found[message.full_name] = {}
    for field in message.fields:
        inner = field.message_type
        kind = inner.full_name if inner else TYPES[field.type]
        repeated = field.is_repeated if hasattr(field, 'is_repeated') else field.label == Field.LABEL_REPEATED
        found[message.full_name][field.name] = f'{"repeated " if repeated else ""}{kind} = {field.number}'
        if inner:
            fields(inner, found)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('--out', default='unit/golden/onnx-schema.json')
options = parser.parse_args()
messages = {}
fields(onnx.ModelProto.DESCRIPTOR, messages)
with open(options.out, 'w') as out:
    json.dump({'onnx': onnx.__version__, 'messages': messages}, out, indent=2)
    out.write('\n')

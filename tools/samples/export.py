"""Export through PyTorch's own exporter, and checks on what it wrote."""
import io
import math

import onnx
import onnx.numpy_helper
import torch

OPSET = 13


def to_onnx(network, input_shape, batch_norm):
    """The ONNX bytes of a network in evaluation mode; batch_norm 'unfolded' keeps the BatchNormalization nodes."""
    kept = batch_norm == 'unfolded'
    buffer = io.BytesIO()
    torch.onnx.export(
        network.eval(),
        torch.zeros(input_shape),
        buffer,
        opset_version=OPSET,
        input_names=['image'],
        output_names=['result'],
        dynamic_axes={'image': {0: 'batch'}, 'result': {0: 'batch'}},
        training=torch.onnx.TrainingMode.PRESERVE if kept else torch.onnx.TrainingMode.EVAL,
        do_constant_folding=not kept,
    )
    return buffer.getvalue()


def check(content, batch_norm):
    """Raises unless the file is valid ONNX, finite, and has batch norm in the form claimed. Returns convolutions and their weights."""
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model)
    norms = sum(node.op_type == 'BatchNormalization' for node in model.graph.node)
    if (norms > 0) != (batch_norm == 'unfolded'):
        raise ValueError(f'{norms} BatchNormalization nodes in a model described as "{batch_norm}"')
    shapes = {t.name: list(t.dims) for t in model.graph.initializer}
    for tensor in model.graph.initializer:
        if not math.isfinite(float(abs(onnx.numpy_helper.to_array(tensor)).max())):
            raise ValueError(f'{tensor.name} holds a value that is not finite')
    convolutions = [node for node in model.graph.node if node.op_type in ('Conv', 'ConvTranspose')]
    return len(convolutions), sum(math.prod(shapes[node.input[1]]) for node in convolutions)

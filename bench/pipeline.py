"""The papers' own pipeline on one ONNX file: load, scale, PCA, projection, 70-bin histograms, and per layer the sparsity
and the entropy of the singular values. Prints seconds by stage as JSON; imports are timed apart.

usage: pipeline.py MODEL.onnx
"""
import json
import sys
import time

started = time.perf_counter()
import numpy as np
import onnx
from onnx import numpy_helper
from sklearn.decomposition import PCA

stages = {'imports': time.perf_counter() - started}
clock = time.perf_counter()


def stage(name):
    global clock
    now = time.perf_counter()
    stages[name] = now - clock
    clock = now


model = onnx.load(sys.argv[1])
tensors = {t.name: t for t in model.graph.initializer}
weights = [numpy_helper.to_array(tensors[n.input[1]]) for n in model.graph.node if n.op_type == 'Conv']
layers = [w.reshape(-1, 9) for w in weights if w.shape[2:] == (3, 3)]
stage('load')

filters = np.concatenate(layers)
scaled = filters / np.maximum(np.abs(filters).max(axis=1, keepdims=True), 1e-30)
stage('scale')
pca = PCA().fit(scaled)
stage('pca')
coefficients = pca.transform(scaled)
stage('projection')
low, high = coefficients.min(), coefficients.max()
histograms = [np.histogram(coefficients[:, i], bins=70, range=(low, high))[0] for i in range(9)]
stage('histograms')
for layer in layers:
    s = np.linalg.svd(layer - layer.mean(axis=0), compute_uv=False) ** 2
    p = s / s.sum()
    entropy = -(p * np.log10(p)).sum()
stage('entropy')
for layer in layers:
    peaks = np.abs(layer).max(axis=1)
    sparsity = (peaks < 0.01 * peaks.max()).mean()
stage('sparsity')

stages['total'] = sum(value for name, value in stages.items() if name != 'imports')
print(json.dumps({'filters': len(filters), 'seconds': stages}))

import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from '../domain/results';
import type { ReadTensor } from './job';
import type { RowSquares } from './row-gram-plan';

/** What one kernel call may take; the driver cuts its work into chunks below these. */
export interface KernelLimits {
  /** Elements of the largest tensor. */
  maxElements: number;
  /** Multiply-adds in one kernel call, so that no call holds the thread or the device for long. */
  maxProducts: number;
  /** Whether tensors hold float64; else everything handed to a kernel is float32 first. */
  float64: boolean;
}

/**
 * Joins the driver and a tfjs backend whose kernels (kernels.ts) are registered under `name`.
 *
 * Every unit of device work goes through `runJob`: it gives `work` a live tfjs backend and resolves with its result. `work`
 * uploads all it needs, runs kernels, reads back and disposes its tensors; it keeps nothing on the device between calls and
 * changes nothing outside, so `runJob` may guard it (error scopes), reject it and, after a lost device was rebuilt, run it
 * again from the start. Jobs of one driver may overlap where a caller runs two verbs at once: `runJob` serialises
 * them if it needs to.
 */
export interface DriverOptions {
  name: BackendName;
  description: string;
  /** Read anew for each verb: a rebuilt device may have others. */
  limits: () => KernelLimits;
  runJob: <T>(work: (backend: KernelBackend) => Promise<T>) => Promise<T>;
  /** Defaults to the backend's own `read`. */
  readTensor?: ReadTensor;
  /** Plain loops by default. */
  rowSquares?: RowSquares;
  dispose: () => void;
}

import { formatBytes, formatCount } from '../../domain/format';
import { costOf, stepsOf, type Cost } from './cost';
import { MAX_EVALUATION_BYTES } from './limits';
import type { WeightPlan } from './plan';
import { Unresolved } from './unresolved';
import { quote } from './words';

/** Work that one file may ask for whatever its size, some twenty seconds; and more for each of its bytes. */
const MAX_WORK = 2 ** 31;
const WORK_PER_BYTE = 32;
/** Of it for shapes and axes, which are computed before any layer is known. */
const MAX_STEERING_WORK = 2 ** 28;
/** A number that steers a node is looked at several times. */
const WORK_OF_STEERING_NUMBER = 8;
/** Steps behind one value; real weights have some tens. */
const MAX_STEPS = 4096;
/** Steps looked at to tell what the expressions of a file cost. */
const MAX_STEPS_PER_FILE = 2 ** 19;

/**
 * What the expressions of one file may cost together, in work and in memory: a few hundred bytes can ask for any amount.
 * Each plan counts once, before anything of it is computed.
 */
export class Budget {
  readonly #admitted = new Map<number, Cost>();
  readonly #maxWork: number;
  #work = 0;
  #steeringWork = 0;
  #steps = 0;

  /** @param byteLength of the file and those beside it */
  constructor(byteLength: number) {
    this.#maxWork = MAX_WORK + WORK_PER_BYTE * byteLength;
  }

  /**
   * The cost of evaluating a plan.
   * @throws Unresolved where it is too much for one evaluation, or more than is left to the file
   */
  admit(plan: WeightPlan): Cost {
    const known = this.#admitted.get(plan.id);
    if (known) return known;
    const tensor = quote(plan.origin.name);
    const cost = costOf(this.#stepsOf(plan));
    if (cost.peakBytes > MAX_EVALUATION_BYTES) {
      throw tooLarge(
        `computing it from ${tensor} takes ${formatBytes(cost.peakBytes)} of memory; Filterscope takes up to ${formatBytes(MAX_EVALUATION_BYTES)}`,
      );
    }
    if (this.#work + cost.work > this.#maxWork) {
      throw tooLarge(
        `computing it from ${tensor} makes ${formatCount(cost.work)} values, and the expressions of the file may make ${formatCount(this.#maxWork)} together, of which ${formatCount(this.#maxWork - this.#work)} are left`,
      );
    }
    this.#work += cost.work;
    this.#admitted.set(plan.id, cost);
    return cost;
  }

  /**
   * Counts the use of numbers that steer a node.
   * @param name of the tensor they come from
   * @param work that it takes to compute them
   * @throws Unresolved where the file makes too much of such numbers
   */
  steer(name: string, numbers: number, work = 0): void {
    const more = work + WORK_OF_STEERING_NUMBER * numbers;
    if (this.#steeringWork + more > MAX_STEERING_WORK) {
      throw tooLarge(
        `the shapes in its expression take too long to compute from ${quote(name)}: more than ${formatCount(MAX_STEERING_WORK)} values in all`,
      );
    }
    this.#steeringWork += more;
  }

  #stepsOf(plan: WeightPlan): WeightPlan[] {
    if (this.#steps >= MAX_STEPS_PER_FILE) {
      throw tooLarge(
        `it is computed from ${quote(plan.origin.name)}, and the expressions of the file take more than ${formatCount(MAX_STEPS_PER_FILE)} steps together`,
      );
    }
    const steps = plan.depth <= MAX_STEPS ? stepsOf(plan, MAX_STEPS) : null;
    this.#steps += steps?.length ?? (plan.depth <= MAX_STEPS ? MAX_STEPS : 1);
    if (steps) return steps;
    throw tooLarge(
      `its expression from ${quote(plan.origin.name)} on is more than ${formatCount(MAX_STEPS)} steps long`,
    );
  }
}

function tooLarge(reason: string): Unresolved {
  return new Unresolved('too-large', reason);
}

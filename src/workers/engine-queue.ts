/** A request to an engine. */
export interface EngineTask {
  /** Of those that can wait, the costliest goes first. */
  cost: number;
  run: () => Promise<void>;
}

/** Tasks that can wait, in hand at once: more would keep what is urgent from its turn. */
const MOST_WAITING_IN_HAND = 2;

/**
 * What one engine has to do: urgent tasks in their order, and tasks that can wait, which fill the time it would be idle in.
 * Several are in hand at once, so that the next is read while one is computed.
 */
export class EngineQueue {
  readonly #mostInHand: number;
  readonly #onFailure: (error: unknown) => void;
  #urgent: EngineTask[] = [];
  /** Urgent tasks begun. */
  #begun = 0;
  readonly #waiting: EngineTask[] = [];
  /** Whether those that can wait stand by rising cost. */
  #isSorted = true;
  #inHand = 0;
  #waitingInHand = 0;
  #isStopped = false;

  constructor(mostInHand: number, onFailure: (error: unknown) => void) {
    this.#mostInHand = mostInHand;
    this.#onFailure = onFailure;
  }

  add(tasks: readonly EngineTask[], urgency: 'urgent' | 'can wait'): void {
    for (const task of tasks) (urgency === 'urgent' ? this.#urgent : this.#waiting).push(task);
    if (urgency === 'can wait') this.#isSorted = false;
    this.#fill();
  }

  /** Begins nothing more; what is in hand ends by itself. */
  stop(): void {
    this.#isStopped = true;
  }

  #fill(): void {
    while (!this.#isStopped && this.#inHand < this.#mostInHand) {
      const urgent = this.#nextUrgent();
      if (urgent) {
        this.#begin(urgent);
        continue;
      }
      const waiting = this.#waitingInHand < MOST_WAITING_IN_HAND ? this.#nextWaiting() : undefined;
      if (!waiting) return;
      this.#waitingInHand++;
      this.#begin(waiting, () => this.#waitingInHand--);
    }
  }

  #nextUrgent(): EngineTask | undefined {
    const task = this.#urgent[this.#begun++];
    if (task) return task;
    this.#urgent = [];
    this.#begun = 0;
    return undefined;
  }

  #nextWaiting(): EngineTask | undefined {
    if (!this.#isSorted) this.#waiting.sort((a, b) => a.cost - b.cost);
    this.#isSorted = true;
    return this.#waiting.pop();
  }

  #begin({ run }: EngineTask, onEnd?: () => void): void {
    this.#inHand++;
    run()
      .catch((error: unknown) => this.#onFailure(error))
      .finally(() => {
        this.#inHand--;
        onEnd?.();
        this.#fill();
      });
  }
}

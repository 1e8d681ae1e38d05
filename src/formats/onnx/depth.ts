import type { FlatNode, Value } from './expand.types';

export interface Depths {
  /** By node index; null where no real input reaches the node. */
  depth: (number | null)[];
  /** Nodes on a cycle or behind one: their depth is unknown. */
  cyclic: FlatNode[];
}

/**
 * Longest path from a real input of the main graph, counted in nodes, first node 0; one pass over a topological order.
 * Values that bodies capture count as inputs of the node that holds them; nodes of a body come after their holder.
 */
export function measureDepths(nodes: readonly FlatNode[]): Depths {
  const successors: number[][] = nodes.map(() => []);
  const waiting = new Int32Array(nodes.length);
  for (const node of nodes) {
    const before = new Set<number>();
    for (const value of sourcesOf(node)) if (value.producer) before.add(value.producer.index);
    if (node.holder) before.add(node.holder.index);
    for (const index of before) successors[index].push(node.index);
    waiting[node.index] = before.size;
  }
  const depth: (number | null)[] = nodes.map(() => null);
  const ready: number[] = [];
  for (const node of nodes) if (waiting[node.index] === 0) ready.push(node.index);
  let done = 0;
  for (; done < ready.length; done++) {
    const node = nodes[ready[done]];
    depth[node.index] = depthAfter(node, depth);
    for (const next of successors[node.index]) if (--waiting[next] === 0) ready.push(next);
  }
  return { depth, cyclic: done === nodes.length ? [] : nodes.filter((n) => waiting[n.index] > 0) };
}

function depthAfter(node: FlatNode, depth: (number | null)[]): number | null {
  let deepest: number | null = node.holder ? depth[node.holder.index] : null;
  for (const value of sourcesOf(node)) {
    const made = value.producer ? depth[value.producer.index] : null;
    const reached = made ?? (value.kind === 'input' ? -1 : null);
    if (reached !== null && (deepest === null || reached > deepest)) deepest = reached;
  }
  return deepest === null ? null : deepest + 1;
}

function* sourcesOf(node: FlatNode): Iterable<Value> {
  for (const input of node.inputs) if (input) yield input;
  if (node.captured) yield* node.captured;
}

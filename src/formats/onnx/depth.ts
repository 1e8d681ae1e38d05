import type { FlatNode, Value } from './expand.types';

export interface Depths {
  /** By node index; null where no real input reaches the node. */
  depth: (number | null)[];
  /** Nodes on a cycle or behind one: their depth is unknown. */
  cyclic: FlatNode[];
}

/**
 * Longest path from a real input of the main graph, counted in nodes, first node 0; one pass over a topological order.
 * Values that bodies capture count as inputs of the node that holds them; nodes of a body come after their holder, and
 * what takes the holder's outputs comes after the deepest node of its bodies.
 */
export function measureDepths(nodes: readonly FlatNode[]): Depths {
  // A holder stands twice: as itself, where its bodies begin, and as their end, by an index beyond the nodes.
  const ends = new Map<FlatNode, number>();
  for (const node of nodes) if (node.bodies) ends.set(node, nodes.length + ends.size);
  const holders = [...ends.keys()];
  const count = nodes.length + holders.length;
  const exitOf = (node: FlatNode) => ends.get(node) ?? node.index;

  const sources: number[][] = Array.from({ length: count }, () => []);
  for (const node of nodes) {
    const before: number[] = [];
    for (const value of valuesInto(node)) if (value?.producer) before.push(exitOf(value.producer));
    if (node.holder) {
      before.push(node.holder.index);
      sources[ends.get(node.holder)!].push(exitOf(node));
    }
    sources[node.index] = before.length > 1 ? [...new Set(before)] : before;
  }
  for (const holder of holders) sources[ends.get(holder)!].push(holder.index);

  const successors: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Int32Array(count);
  sources.forEach((before, index) => {
    waiting[index] = before.length;
    for (const source of before) successors[source].push(index);
  });
  const depth: (number | null)[] = new Array<number | null>(count).fill(null);
  const ready: number[] = [];
  for (let index = 0; index < count; index++) if (waiting[index] === 0) ready.push(index);
  let done = 0;
  for (; done < ready.length; done++) {
    const index = ready[done];
    const deepest = deepestOf(sources[index], depth);
    if (index >= nodes.length) depth[index] = deepest;
    else {
      const atInput = hasRealInput(nodes[index]) ? -1 : null;
      const reached = deepest ?? atInput;
      depth[index] = reached === null ? null : reached + 1;
    }
    for (const next of successors[index]) if (--waiting[next] === 0) ready.push(next);
  }
  return {
    depth: depth.slice(0, nodes.length),
    cyclic: done === count ? [] : nodes.filter(({ index }) => waiting[index] > 0),
  };
}

function deepestOf(indices: readonly number[], depth: readonly (number | null)[]): number | null {
  let deepest: number | null = null;
  for (const index of indices) {
    const own = depth[index];
    if (own !== null && (deepest === null || own > deepest)) deepest = own;
  }
  return deepest;
}

function hasRealInput(node: FlatNode): boolean {
  return valuesInto(node).some((value) => value?.kind === 'input');
}

function valuesInto(node: FlatNode): readonly (Value | null)[] {
  return node.captured ? [...node.inputs, ...node.captured] : node.inputs;
}

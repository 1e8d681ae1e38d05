import { quote } from './words';
import { AppError } from '../../domain/errors';
import { formatBytes, formatCount } from '../../domain/format';
import { SKELETON_LIMITS } from './limits';
import { distinctUtf8 } from './names';
import { recordSegment, type Payload } from './payload';
import { DOC_STRING, MESSAGE_WORDS, SCHEMA, VALUES, type FieldRule, type MessageType } from './schema';
import { SkeletonWriter } from './skeleton-writer';
import type { OnnxLayout } from './sniff';
import { MAX_FIELD_HEAD_BYTES, WIRE, type FieldHead, type WireCursor } from './wire';

export interface Skeleton {
  /** A ModelProto without tensor values; doc_string of a tensor or attribute is the number of its payload. */
  bytes: Uint8Array;
  payloads: Payload[];
  /** Bytes after the model that are no part of it. */
  trailingBytes: number;
}

type MessageRule = Extract<FieldRule, { type: MessageType }>;

interface Frame {
  type: MessageType;
  end: number;
  /** Where the body begins in the skeleton. */
  bodyStart: number;
  payload: Payload | null;
  payloadNumber: number;
  intsBytes: number;
  /** Where the skeleton ended before a message that is only checked; -1 for one that is kept. */
  discardTo: number;
}

/** Walks the file once, message heads only, and writes the skeleton for onnx-proto. */
export async function buildSkeleton(cursor: WireCursor, layout: OnnxLayout): Promise<Skeleton> {
  return new SkeletonBuilder(cursor, layout).build();
}

class SkeletonBuilder {
  readonly #out = new SkeletonWriter();
  readonly #payloads: Payload[] = [];
  #hasGraph = false;
  readonly #stack: Frame[] = [];
  #fields = 0;
  #messages = 0;
  /** A known field of the model reaches past the end of the file: cut short, not followed by foreign bytes. */
  #cutShort = false;

  readonly #cursor: WireCursor;
  readonly #layout: OnnxLayout;

  constructor(cursor: WireCursor, layout: OnnxLayout) {
    this.#cursor = cursor;
    this.#layout = layout;
  }

  async build(): Promise<Skeleton> {
    const cursor = this.#cursor;
    const layout = this.#layout;
    cursor.position = layout.start;
    const fileEnd = cursor.source.byteLength;
    this.#push('model', fileEnd, 0);
    if (layout.kind === 'graph') this.#push('graph', fileEnd, this.#out.open(7));
    let trailingBytes = 0;
    while (this.#stack.length > 0) {
      const frame = this.#stack[this.#stack.length - 1];
      if (cursor.position >= frame.end) {
        this.#close(frame);
        continue;
      }
      const start = cursor.position;
      const atTop = frame.end === fileEnd && this.#stack.length === (layout.kind === 'graph' ? 2 : 1);
      try {
        if (!cursor.holdsHead(frame.end)) await cursor.fill(start);
        const head = cursor.head(frame.end);
        if (head.end > frame.end) throw this.#overrun(frame, head, atTop);
        // Waiting for what is at hand already would take longer than all else.
        const rule = SCHEMA[frame.type][head.number];
        if (rule && isCopied(rule, head) && !cursor.holds(head.start, head.end))
          await cursor.fill(head.start, head.end);
        this.#field(frame, head, rule);
      } catch (error) {
        const after = atTop && this.#hasGraph && !this.#cutShort && error instanceof AppError;
        if (!after) throw error;
        trailingBytes = fileEnd - start;
        cursor.position = fileEnd;
      }
    }
    return {
      bytes: this.#out.view(),
      payloads: this.#payloads,
      trailingBytes,
    };
  }

  #field(frame: Frame, head: FieldHead, rule: FieldRule | undefined): void {
    if (++this.#fields > SKELETON_LIMITS.fields) {
      throw this.#tooLarge(`more than ${formatCount(SKELETON_LIMITS.fields)} fields`);
    }
    if ((rule?.kind === 'message' || rule?.kind === 'checked') && head.wire === WIRE.bytes) {
      this.#open(rule, head);
      return;
    }
    if (rule) this.#copy(frame, head, rule);
    this.#cursor.position = head.end;
    if (this.#out.length > SKELETON_LIMITS.skeletonBytes) {
      throw this.#tooLarge(
        `a graph of more than ${formatBytes(SKELETON_LIMITS.skeletonBytes)} without its weights`,
      );
    }
  }

  #copy(frame: Frame, head: FieldHead, rule: FieldRule): void {
    const byteLength = head.end - head.valueStart;
    if (rule.kind === 'payload' && (head.wire === rule.wire || head.wire === WIRE.bytes)) {
      this.#recordPayload(frame, head, rule.wire);
    } else if (rule.kind === 'text' && head.wire === WIRE.bytes) {
      if (byteLength > SKELETON_LIMITS.textBytes) {
        throw this.#cursor.damaged(head.start, `a name of ${formatBytes(byteLength)} is given`);
      }
      const name = distinctUtf8(this.#cursor.held(head.valueStart, head.end));
      this.#out.tag(rule.to ?? head.number, WIRE.bytes);
      this.#out.varint(name.byteLength);
      this.#out.bytes(name);
    } else if (rule.kind === 'word' && head.wire === WIRE.bytes) {
      if (byteLength <= SKELETON_LIMITS.wordBytes) this.#out.bytes(this.#cursor.held(head.start, head.end));
    } else if (rule.kind === 'number' && head.wire === rule.wire) {
      this.#out.bytes(this.#cursor.held(head.start, head.end));
    } else if (rule.kind === 'numbers' && (head.wire === WIRE.varint || head.wire === WIRE.bytes)) {
      frame.intsBytes += head.end - head.start;
      if (frame.intsBytes > SKELETON_LIMITS.attributeIntsBytes) {
        if (frame.type === 'attribute') return;
        throw this.#cursor.damaged(head.start, 'a tensor has thousands of dimensions');
      }
      this.#out.bytes(this.#cursor.held(head.start, head.end));
    } else {
      throw this.#cursor.damaged(head.start, `${MESSAGE_WORDS[frame.type]} holds a field of the wrong type`);
    }
  }

  #recordPayload(frame: Frame, head: FieldHead, elementWire: number): void {
    if (!frame.payload) {
      frame.payload = { raw: null, typed: {} };
      frame.payloadNumber = this.#payloads.push(frame.payload) - 1;
    }
    if (frame.type === 'tensor' && head.number === VALUES.raw) {
      const byteLength = head.end - head.valueStart;
      frame.payload.raw = { offset: head.valueStart, byteLength, packed: true, count: byteLength };
      return;
    }
    const problem = recordSegment((frame.payload.typed[head.number] ??= []), head, elementWire);
    if (problem) throw this.#cursor.damaged(head.start, problem);
  }

  #open(rule: MessageRule, head: FieldHead): void {
    if (this.#stack.length >= SKELETON_LIMITS.nesting) {
      throw this.#cursor.damaged(head.start, `messages are nested more than ${SKELETON_LIMITS.nesting} deep`);
    }
    if (++this.#messages > SKELETON_LIMITS.messages) {
      throw this.#tooLarge(
        `more than ${formatCount(SKELETON_LIMITS.messages)} nodes, tensors and attributes`,
      );
    }
    const { type } = rule;
    const before = this.#out.length;
    const frame = this.#push(type, head.end, this.#out.open(head.number));
    if (rule.kind === 'checked') frame.discardTo = before;
    this.#cursor.position = head.valueStart;
  }

  #push(type: MessageType, end: number, bodyStart: number): Frame {
    const frame: Frame = {
      type,
      end,
      bodyStart,
      payload: null,
      payloadNumber: -1,
      intsBytes: 0,
      discardTo: -1,
    };
    this.#stack.push(frame);
    return frame;
  }

  #close(frame: Frame): void {
    this.#stack.pop();
    const dropped = frame.type === 'attribute' && frame.intsBytes > SKELETON_LIMITS.attributeIntsBytes;
    if (frame.payload || dropped) {
      this.#out.asciiField(DOC_STRING[frame.type]!, dropped ? 'dropped' : String(frame.payloadNumber));
    }
    if (this.#stack.length === 0) return;
    this.#out.close(frame.bodyStart);
    if (frame.discardTo >= 0) this.#out.length = frame.discardTo;
    if (this.#stack.length === 1 && frame.type === 'graph') this.#hasGraph = true;
  }

  #overrun(frame: Frame, head: FieldHead, atTop: boolean): AppError {
    const { source } = this.#cursor;
    const promised = head.end - head.valueStart;
    if (!atTop) {
      return this.#cursor.damaged(
        head.start,
        `${MESSAGE_WORDS[frame.type]} promises ${formatCount(promised)} bytes, more than the part it lies in`,
      );
    }
    this.#cutShort = SCHEMA[frame.type][head.number]?.kind === 'message' && head.wire === WIRE.bytes;
    const missing = head.end - source.byteLength;
    return new AppError(
      'truncated',
      `${quote(source.name)} is cut short: it promises ${formatCount(head.end)} bytes but holds ${formatCount(source.byteLength)}, so ${formatCount(missing)} bytes are missing; download it again.`,
      { file: source.name, byteLength: source.byteLength, missingBytes: missing },
    );
  }

  #tooLarge(what: string): AppError {
    const { name } = this.#cursor.source;
    return new AppError('too-large', `${quote(name)} has ${what}; Filterscope reads no more than that.`, {
      file: name,
    });
  }
}

/** Whether a field's bytes may go to the skeleton; longer ones are refused or passed over. */
function isCopied({ kind }: FieldRule, { start, end }: FieldHead): boolean {
  const isKept = kind === 'text' || kind === 'word' || kind === 'number' || kind === 'numbers';
  return isKept && end - start <= SKELETON_LIMITS.textBytes + MAX_FIELD_HEAD_BYTES;
}

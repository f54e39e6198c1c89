// Structured clone as bytes, by V8's serializer: aliases, cycles, Maps, errors and views over one buffer arrive as
// structuredClone has them. Buffers stay Buffers, and bring their own bytes only: they are mostly slices of one buffer of
// Node's. Called by the codec, for values that JSON can't carry, and where values leave the process.
//
// V8 hands each view to us (a host object, in its words), and each SharedArrayBuffer wherever it hides.

import { Deserializer, Serializer } from "node:v8";

/** What V8 calls; Node documents it for classes that inherit, and looks for it on the object. */
interface HookedSerializer extends Serializer {
  _writeHostObject: (object: object) => void;
  _getSharedArrayBufferId: () => never;
  _setTreatArrayBufferViewsAsHostObjects: (treat: boolean) => void;
}

interface HookedDeserializer extends Deserializer {
  _readHostObject: () => unknown;
}

type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => object;

/** How a view is written: by its place here. Some Nodes lack the last. */
const views = [
  ...["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array"],
  ...["Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "DataView"],
  "Float16Array",
].map((name) => Reflect.get(globalThis, name) as ViewConstructor | undefined);
const bufferTag = 100;

/** Throws what the value's own code throws; for what can't be cloned an Error that describes it. */
export function toCloneBytes(value: unknown): Uint8Array {
  const serializer = new Serializer() as HookedSerializer;
  serializer._setTreatArrayBufferViewsAsHostObjects(true);
  serializer._writeHostObject = (object) => writeHostObject(serializer, object);
  serializer._getSharedArrayBufferId = () => {
    throw new TypeError("shared memory is shared by name, with ctx.shared in the handlers");
  };
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** What it returns never points into `bytes`. Throws for bytes that are damaged, or nested too deeply for this thread's stack. */
export function fromCloneBytes(bytes: Uint8Array): unknown {
  const deserializer = new Deserializer(bytes) as HookedDeserializer;
  deserializer._readHostObject = () => readHostObject(deserializer);
  deserializer.readHeader();
  return deserializer.readValue();
}

function writeHostObject(serializer: Serializer, object: object): void {
  if (!ArrayBuffer.isView(object)) {
    throw new TypeError(`a ${object.constructor.name} could not be cloned`);
  }
  if (Buffer.isBuffer(object)) {
    serializer.writeUint32(bufferTag);
    serializer.writeUint32(object.byteLength);
    return serializer.writeRawBytes(object);
  }
  serializer.writeUint32(views.findIndex((view) => view !== undefined && object instanceof view));
  // V8 knows a buffer that it has written before: two views over one share it again.
  serializer.writeValue(object.buffer);
  serializer.writeUint32(object.byteOffset);
  serializer.writeUint32("length" in object ? Number(object.length) : object.byteLength);
}

function readHostObject(deserializer: Deserializer): unknown {
  const tag = deserializer.readUint32();
  if (tag === bufferTag) {
    return Buffer.from(deserializer.readRawBytes(deserializer.readUint32()));
  }
  const view = views[tag];
  if (view === undefined) throw new TypeError(`this Node has no view of kind ${tag}`);
  const buffer = deserializer.readValue() as ArrayBufferLike;
  return new view(buffer, deserializer.readUint32(), deserializer.readUint32());
}

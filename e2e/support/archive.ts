// Reading a file out of a zip archive.
import { inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;

/** The content of a file in an archive. */
export function unpack(archive: Buffer, name: string): Buffer {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error("this is no zip archive");
  let entry = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(entry) === ENTRY) {
    const sized = (place: number) => archive.readUInt16LE(entry + place);
    const [length, extra, comment] = [sized(28), sized(30), sized(32)] as const;
    if (archive.toString("utf8", entry + 46, entry + 46 + length) === name) return content(archive, entry);
    entry += 46 + length + extra + comment;
  }
  throw new Error(`there is no ${name} in the archive`);
}

function content(archive: Buffer, entry: number): Buffer {
  const [method, size, local] = [archive.readUInt16LE(entry + 10), archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 42)];
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + size);
  return method === STORED ? packed : inflateRawSync(packed);
}

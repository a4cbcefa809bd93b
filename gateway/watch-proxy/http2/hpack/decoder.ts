/** Header blocks of one connection, decoded in the order in which they come (RFC 7541). */
import { ConnectionError, ErrorCode } from '../errors.ts';
import { BlockReader } from './block-reader.ts';
import { type Field, staticTable } from './static-table.ts';

/** The size that a table has unless we say otherwise, and we do not. Bytes, as HPACK counts them. */
const largestTable = 4_096;
/** What an entry counts beside its text. */
const entryBytes = 32;

export interface FieldList {
  readonly fields: readonly Field[];
  /** There were more than may be: those beyond are left out. */
  readonly isTooLarge: boolean;
}

export class HpackDecoder {
  /** The newest first. */
  #table: Field[] = [];
  #size = 0;
  #most = largestTable;

  /**
   * `mostBytes`: of all fields together, as HPACK counts them. What is beyond is decoded all the same, since it may change
   * the table, but kept nowhere: a block of some bytes can stand for many megabytes.
   */
  decode(block: Buffer, mostBytes: number): FieldList {
    const reader = new BlockReader(block);
    while (!reader.done && reader.next >> 5 === 0b001) this.#resize(reader.number(5));
    const fields: Field[] = [];
    let bytes = 0;
    while (!reader.done) {
      const field = this.#field(reader);
      bytes += sizeOf(field);
      if (bytes <= mostBytes) fields.push(field);
    }
    return { fields, isTooLarge: bytes > mostBytes };
  }

  #field(reader: BlockReader): Field {
    const first = reader.next;
    if (first >= 0x80) return this.#entry(reader.number(7));
    if (first >= 0x40) {
      const field = this.#literal(reader, reader.number(6));
      this.#add(field);
      return field;
    }
    if (first >= 0x20) throw new ConnectionError(ErrorCode.compression, 'the table is resized within a block');
    return this.#literal(reader, reader.number(4));
  }

  #literal(reader: BlockReader, nameIndex: number): Field {
    const name = nameIndex === 0 ? reader.text() : this.#entry(nameIndex)[0];
    return [name, reader.text()];
  }

  #entry(index: number): Field {
    const field = index <= staticTable.length ? staticTable[index - 1] : this.#table[index - staticTable.length - 1];
    if (field === undefined) throw new ConnectionError(ErrorCode.compression, `there is no entry ${index}`);
    return field;
  }

  #add(field: Field): void {
    this.#table.unshift(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #resize(most: number): void {
    if (most > largestTable) throw new ConnectionError(ErrorCode.compression, `a table of ${most} bytes`);
    this.#most = most;
    this.#evict();
  }

  /** An entry larger than the whole table empties it. */
  #evict(): void {
    while (this.#size > this.#most) {
      const oldest = this.#table.pop();
      if (oldest !== undefined) this.#size -= sizeOf(oldest);
    }
  }
}

function sizeOf([name, value]: Field): number {
  return entryBytes + name.length + value.length;
}

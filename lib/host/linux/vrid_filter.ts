/**
 * The kernel drops adverts for virtual routers that are not ours before anybody is woken up for
 * them: on a segment with many routers that is most of them, and a flood of forged ones costs next
 * to nothing. What is too short to say for whom it is passes, and is counted as malformed.
 */
import { BPF, type FilterInstruction, filterProgram } from "../../../ffi/mod.ts";
import type { Family } from "../../base/mod.ts";
import { ahLength, ipProtocol } from "../../wire/mod.ts";

const whole = 0xffff_ffff;

/**
 * The program for a raw socket: of IPv4 it sees the packet from the IP header on, of IPv6 what
 * follows the header. `undefined` lets everything pass.
 */
export function vridFilter(
  family: Family,
  protocol: number,
  vrids: readonly number[] | undefined,
): Uint8Array {
  const accept: FilterInstruction = [BPF.RETURN, 0, 0, whole];
  if (vrids === undefined) return filterProgram([accept]);
  const at = protocol === ipProtocol.ah ? ahLength + 1 : 1;
  const words = bitmap(vrids);
  // The jumps of `words`: each loads its word and goes on behind the last one.
  const table = words.flatMap((word, index): FilterInstruction[] => [
    [BPF.JUMP_EQUAL, 0, 2, index],
    [BPF.LOAD_NUMBER, 0, 0, word],
    [BPF.JUMP, 0, 0, 3 * (words.length - 1 - index) + 1],
  ]);
  return filterProgram([
    family === "ipv4" ? [BPF.HEADER_LENGTH_X, 0, 0, 0] : [BPF.NUMBER_X, 0, 0, 0],
    [BPF.LOAD_LENGTH, 0, 0, 0],
    [BPF.SUBTRACT_X, 0, 0, 0],
    [BPF.JUMP_GREATER, 1, 0, at],
    accept,
    [BPF.LOAD_BYTE_X, 0, 0, at],
    [BPF.STORE, 0, 0, 0],
    [BPF.AND, 0, 0, 31],
    [BPF.COPY_X, 0, 0, 0],
    [BPF.LOAD_MEMORY, 0, 0, 0],
    [BPF.SHIFT_RIGHT, 0, 0, 5],
    ...table,
    [BPF.RETURN, 0, 0, 0],
    [BPF.SHIFT_RIGHT_X, 0, 0, 0],
    [BPF.JUMP_BITS, 0, 1, 1],
    accept,
    [BPF.RETURN, 0, 0, 0],
  ]);
}

/** One bit for each VRID, 32 in a word. */
function bitmap(vrids: readonly number[]): number[] {
  const words = new Array<number>(8).fill(0);
  for (const vrid of vrids) {
    const index = vrid >> 5;
    words[index] = ((words[index] ?? 0) | 1 << (vrid & 31)) >>> 0;
  }
  return words;
}

/**
 * Classic BPF: a short program that the kernel runs on every packet before it is put into the queue
 * of a socket (<linux/filter.h>). Jumps go forward only and are written as the number of
 * instructions that are left out.
 */
import { viewOf } from "../lib/base/mod.ts";

/** One instruction: operation, jump when true, jump when false, operand. */
export type FilterInstruction = readonly [
  code: number,
  whenTrue: number,
  whenFalse: number,
  operand: number,
];

/** Operations, <linux/bpf_common.h>: the accumulator A, the index register X, memory M. */
export const BPF = {
  /** A = octet, half word or word at k */
  LOAD_BYTE: 0x30,
  LOAD_HALF: 0x28,
  LOAD_WORD: 0x20,
  /** A = octet at X + k */
  LOAD_BYTE_X: 0x50,
  /** A = length of the packet */
  LOAD_LENGTH: 0x80,
  /** A = k */
  LOAD_NUMBER: 0x00,
  /** A = M[k] */
  LOAD_MEMORY: 0x60,
  /** X = 4 * (octet at k & 15): the length of an IPv4 header */
  HEADER_LENGTH_X: 0xb1,
  /** X = k */
  NUMBER_X: 0x01,
  /** M[k] = A */
  STORE: 0x02,
  /** X = A */
  COPY_X: 0x07,
  AND: 0x54,
  SHIFT_RIGHT: 0x74,
  /** A >>= X */
  SHIFT_RIGHT_X: 0x7c,
  /** A -= X */
  SUBTRACT_X: 0x1c,
  JUMP: 0x05,
  JUMP_EQUAL: 0x15,
  JUMP_GREATER: 0x25,
  JUMP_BITS: 0x45,
  /** Takes the first k octets of the packet; 0 drops it. */
  RETURN: 0x06,
} as const;

/** SKF_NET_OFF, <linux/filter.h>: operands from here on count from the IP header. */
export const BPF_NETWORK_HEADER = 0xfff0_0000;

/** An array of struct sock_filter. */
export function filterProgram(instructions: readonly FilterInstruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = viewOf(bytes);
  for (const [index, [code, whenTrue, whenFalse, operand]] of instructions.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, whenTrue);
    view.setUint8(index * 8 + 3, whenFalse);
    view.setUint32(index * 8 + 4, operand, true);
  }
  return bytes;
}

/** struct sock_fprog: how many instructions there are, and where. */
export function filterHeader(program: Uint8Array, address: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = viewOf(bytes);
  view.setUint16(0, program.length / 8, true);
  view.setBigUint64(8, BigInt(address), true);
  return bytes;
}

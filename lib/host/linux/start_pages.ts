/**
 * Starting reads thousands of pages of the executable that a running daemon never needs again.
 * Their mappings are given back once it runs: what is needed is mapped anew from the page cache,
 * the rest counts for nobody. Only the code itself, which nobody writes to, can be treated so.
 */
import { readFileSync } from "node:fs";
import { type Libc, MADV_DONTNEED } from "../../../ffi/mod.ts";

/** Gives the executable's code pages back; they come again by themselves when they are used. */
export function releaseStartPages(libc: Libc): void {
  for (const [address, length] of codeOf(readFileSync("/proc/self/maps", "latin1"))) {
    libc.libc.madvise(address, length, MADV_DONTNEED);
  }
}

/** Address and length of each mapping of the running executable's code. */
export function codeOf(maps: string, executable: string = process.execPath): [number, number][] {
  return maps.split("\n").flatMap((line): [number, number][] => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \S+\s+(\S.*)$/.exec(line);
    if (match === null || match[3] !== executable) return [];
    const [start, end] = [parseInt(match[1] ?? "", 16), parseInt(match[2] ?? "", 16)];
    return [[start, end - start]];
  });
}

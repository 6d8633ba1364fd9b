/**
 * Quoting for the scripts of OpenWrt and OpenRC: a word of a command survives a POSIX shell as it
 * is, whatever stands in it.
 */

/** A word as one argument of a shell command. */
export function shellQuote(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

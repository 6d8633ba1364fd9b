/**
 * Names in DNS questions (RFC 1035 §2.3.4), for those who ask nothing and need no codec.
 */

/** RFC 1035 §2.3.4; octets, the length of each label and the root's among those of a name. */
const [labelMax, nameMax] = [63, 255];

/** Whether a question can have this name. */
export function isDnsName(name: string): boolean {
  if (name === ".") return true;
  const labels = name.replace(/\.$/, "").split(".").map((label) => encoder.encode(label).length);
  const length = labels.reduce((sum, label) => sum + 1 + label, 1);
  return length <= nameMax && labels.every((label) => label >= 1 && label <= labelMax);
}

const encoder = new TextEncoder();

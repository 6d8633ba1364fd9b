/**
 * Effects as one line each: what was decided.
 */
import { formatCommand, formatIp, formatPrefix } from "../base/mod.ts";
import { type Effect, renderTell } from "../engine/mod.ts";
import { routeLine, ruleLine } from "../vrrp/mod.ts";
import { printBfd, printFrame, printIpPacket, printVrrp } from "../wire/mod.ts";
import { fieldWords, type NameOf } from "./plain_words.ts";

/** What an effect asks for. */
export function effectWords(effect: Effect, nameOf: NameOf): string {
  switch (effect.kind) {
    case "tell":
      return renderTell(effect.tell);
    case "send-vrrp":
      return `send on ${nameOf(effect.ifIndex)}: ${advertWords(effect)}`;
    case "send-frame":
      return `send on ${nameOf(effect.ifIndex)}: ${printFrame(effect.bytes)}`;
    case "send-bfd":
      return `send to ${effect.session}: ${printBfd(effect.bytes)}`;
    case "add-address":
    case "delete-address": {
      const { kind, ifIndex, plan } = effect;
      const [verb, where] = kind === "add-address" ? ["add", "to"] : ["delete", "from"];
      return `${verb} ${formatPrefix(plan)} ${where} ${nameOf(ifIndex)}`;
    }
    case "add-route":
    case "delete-route":
      return `${effect.kind.replace("-", " ")} ${routeLine(effect.route)}`;
    case "add-rule":
    case "delete-rule":
      return `${effect.kind.replace("-", " ")} ${ruleLine(effect.rule)}`;
    case "run-command":
      return `run command ${effect.run}: ${formatCommand(effect.command)}`;
    default:
      return `${effect.kind} ${fieldWords(effect, nameOf)}`.trimEnd();
  }
}

/** The kernel fills in the checksums that are not there yet. */
function advertWords(
  { source, destination, family, bytes }: Extract<Effect, { kind: "send-vrrp" }>,
): string {
  const text = family === "ipv4"
    ? printIpPacket(bytes)
    : `${formatIp(source)} > ${formatIp(destination)}: ${
      printVrrp(bytes, { source, destination })
    }`;
  return text.replace(/ \[bad (IP )?checksum\]/g, "");
}

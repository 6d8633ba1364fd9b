/**
 * What a person asks about a server, as JSON from outside: nothing of its shape is believed.
 */
import type { ServerRequest } from "./source.ts";

/** A request that was understood; otherwise what is wrong with it. */
export function readServerRequest(text: string): ServerRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "expected JSON";
  }
  if (typeof value !== "object" || value === null) return "expected an object";
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { server, virtualServer, action, weight, persist } = fields;
  if (typeof server !== "string") return 'expected "server", the address of a server';
  if (virtualServer !== undefined && typeof virtualServer !== "string") {
    return 'expected a name in "virtualServer"';
  }
  const named = virtualServer === undefined ? { server } : { server, virtualServer };
  const about = { ...named, persist: persist === true };
  switch (action) {
    case "drain":
    case "disable":
    case "enable":
    case "reset":
      return { ...about, action: { kind: action } };
    case "weight": {
      const isWeight = typeof weight === "number" && Number.isInteger(weight) && weight >= 0 &&
        weight <= 2_147_483_647;
      return isWeight
        ? { ...about, action: { kind: "weight", weight } }
        : 'expected a number from 0 to 2147483647 in "weight"';
    }
    default:
      return 'expected drain, weight, disable, enable or reset in "action"';
  }
}

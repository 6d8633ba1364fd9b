/**
 * Choices from the simulator's own source of numbers.
 */
import type { Random } from "../../lib/base/mod.ts";

/** Whether something is so that has this probability. */
export function decide(random: Random, probability: number): boolean {
  return random.chance(probability);
}

/** One of several. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.below(choices.length)];
  if (choice === undefined) throw new Error("There is nothing to choose from");
  return choice;
}

/** One of several, each as likely as its weight says. */
export function weighted<T>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random.below(choices.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [choice, weight] of choices) {
    if (left < weight) return choice;
    left -= weight;
  }
  throw new Error("There is nothing to choose from");
}

/** A number between two others, with a fraction. */
export function among(random: Random, low: number, high: number): number {
  return low + random.next() * (high - low);
}

/**
 * Authentication that is weaker than it looks: version 2 carries eight octets in the clear.
 */
import type { Rule } from "./rule.ts";
import { linesOf } from "./statement.ts";
import { titleOf } from "./view.ts";

/** What the field of a version 2 advert has room for. */
const passwordOctetsMax = 8;

/** A password of which the end does not count. */
export const longPassword: Rule = {
  code: "long-password",
  finds: "an auth_pass of more than eight octets, of which eight count",
  check({ instances }, say): void {
    for (const instance of instances) {
      for (const { name, args } of linesOf(instance.statement, "authentication")) {
        const [word] = args;
        if (name !== "auth_pass" || word === undefined) continue;
        const length = new TextEncoder().encode(word.text).length;
        if (length <= passwordOctetsMax) continue;
        const message = `auth_pass of ${titleOf(instance)} has ${length} octets: only the first ` +
          `${passwordOctetsMax} count`;
        say(word.place, message, "use eight octets, on all nodes the same");
      }
    }
  },
};

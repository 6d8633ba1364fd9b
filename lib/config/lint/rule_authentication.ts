/**
 * Authentication that is weaker than it looks, or not there at all. Version 2 carries eight octets
 * in the clear; version 3 has none (RFC 9568 §9).
 */
import type { Rule } from "./rule.ts";
import { find, linesOf } from "./statement.ts";
import { titleOf } from "./view.ts";

/** What the field of a version 2 advert has room for. */
const passwordOctetsMax = 8;

/** A password of which the end does not count. */
export const longPassword: Rule = {
  code: "long-password",
  finds: "an auth_pass of more than eight octets, of which eight count",
  check({ instances }, say): void {
    for (const instance of instances) {
      for (const { keyword, args } of linesOf(instance.statement, "authentication")) {
        const [word] = args;
        if (keyword.text !== "auth_pass" || word === undefined) continue;
        const length = new TextEncoder().encode(word.text).length;
        if (length <= passwordOctetsMax) continue;
        const message = `auth_pass of ${titleOf(instance)} has ${length} octets: only the first ` +
          `${passwordOctetsMax} count`;
        say(word.place, message, "use eight octets, on all nodes the same");
      }
    }
  },
};

/** A password that nothing carries. */
export const authenticationWithVersion3: Rule = {
  code: "authentication-with-version-3",
  finds: "an authentication block in an instance of version 3, which has none",
  check({ instances }, say): void {
    for (const instance of instances) {
      const block = find(instance.statement, "authentication");
      if (block === undefined || instance.plan?.version !== 3) continue;
      const message = `authentication of ${titleOf(instance)} has no effect: version 3 has none`;
      say(block.place, message, "remove it, or sign adverts with auth_hmac");
    }
  },
};

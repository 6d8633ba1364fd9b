/**
 * fast-check, made to keep its word: what a test gives as the greatest length is reached. Left to
 * itself it makes lists of ten items at most.
 */
import fc from "fast-check";

fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

export default fc;

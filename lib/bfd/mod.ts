/**
 * One BFD session: its plan, its state machine, its timers. RFC 5880 asynchronous mode without
 * authentication, over one hop (RFC 5881) or several (RFC 5883).
 */
export * from "./machine.ts";
export * from "./plan.ts";
export {
  type BfdCause,
  type BfdCounters,
  type BfdOutput,
  newSession,
  type Session,
} from "./session.ts";
export { detectionTime, transmitInterval } from "./timing.ts";

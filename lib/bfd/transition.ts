/**
 * The state machine of RFC 5880 §6.8.6 as one table: what our state becomes when the neighbour says
 * its own. The sentences are the RFC's. Everything else that changes the state (the detection time,
 * an administrator) is a single line where it happens.
 */
import { unreachable } from "../base/mod.ts";
import type { BfdState } from "../wire/mod.ts";

/** Our next state. */
export function nextState(local: BfdState, received: BfdState): BfdState {
  const pair: `${BfdState} ${BfdState}` = `${local} ${received}`;
  switch (pair) {
    // "If bfd.SessionState is AdminDown, discard the packet."
    case "AdminDown AdminDown":
    case "AdminDown Down":
    case "AdminDown Init":
    case "AdminDown Up":
      return "AdminDown";
    // "If received state is AdminDown: If bfd.SessionState is not Down, […] Set bfd.SessionState
    // to Down."
    case "Down AdminDown":
    case "Init AdminDown":
    case "Up AdminDown":
      return "Down";
    // "If bfd.SessionState is Down: If received State is Down, set bfd.SessionState to Init."
    case "Down Down":
      return "Init";
    // "Else if received State is Init, set bfd.SessionState to Up."
    case "Down Init":
      return "Up";
    // §6.2: the neighbour first has to agree that the session is down.
    case "Down Up":
      return "Down";
    // "Else if bfd.SessionState is Init: If received State is Init or Up, set bfd.SessionState to
    // Up."
    case "Init Init":
    case "Init Up":
      return "Up";
    case "Init Down":
      return "Init";
    // "Else (bfd.SessionState is Up): If received State is Down, […] Set bfd.SessionState to Down."
    case "Up Down":
      return "Down";
    case "Up Init":
    case "Up Up":
      return "Up";
    default:
      return unreachable(pair);
  }
}

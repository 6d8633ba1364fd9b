/**
 * BFD Control packets (RFC 5880 §4.1). Decoding checks everything that can be checked without
 * knowing the session, in the order of RFC 5880 §6.8.6, and keeps nothing of an authentication
 * section but that there is one: a receiver that has no key must discard the packet. Intervals are
 * whole microseconds on the wire and here.
 */
import { assert, type Duration, microseconds, ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { readU32, writeU32 } from "./field.ts";

/** UDP ports of RFC 5881 §4 (one hop) and RFC 5883 §5 (several). */
export const bfdPort = { singleHop: 3784, multihop: 4784 } as const;

/** Length of a packet without authentication. */
export const bfdLength = 24;
/** The shortest packet that has an authentication section: its type and its length. */
const authenticatedLength = 26;

/** States by their number on the wire (RFC 5880 §4.1). */
export const bfdStates = ["AdminDown", "Down", "Init", "Up"] as const;

/** The state of a session, in the words of the RFC. */
export type BfdState = typeof bfdStates[number];

/** Diagnostic codes that standin sends (RFC 5880 §4.1). */
export const bfdDiagnostic = {
  none: 0,
  detectionTimeExpired: 1,
  neighborSignaledDown: 3,
  administrativelyDown: 7,
} as const;

/** The longest interval that a packet can carry. */
export const maxBfdInterval: Duration = microseconds(0xffff_ffff);

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----+---------+---+-+-+-+-+-+-+---------------+---------------+
 *  |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
 *  +-----+---------+---+-+-+-+-+-+-+---------------+---------------+
 *  |                       My Discriminator                        |
 *  +---------------------------------------------------------------+
 *  |                      Your Discriminator                       |
 *  +---------------------------------------------------------------+
 *  |                    Desired Min TX Interval                    |
 *  +---------------------------------------------------------------+
 *  |                   Required Min RX Interval                    |
 *  +---------------------------------------------------------------+
 *  |                 Required Min Echo RX Interval                 |
 *  +---------------------------------------------------------------+
 *  |           Authentication Section, if the A bit is set         |
 *  +---------------------------------------------------------------+
 */
const field = {
  versionAndDiagnostic: 0,
  stateAndFlags: 1,
  detectMultiplier: 2,
  length: 3,
  myDiscriminator: 4,
  yourDiscriminator: 8,
  desiredMinTx: 12,
  requiredMinRx: 16,
  requiredMinEchoRx: 20,
} as const;

const flag = { poll: 0x20, final: 0x10, authenticated: 0x04, demand: 0x02, multipoint: 0x01 };

/** What a sender chooses. */
export interface BfdFields {
  readonly diagnostic: number;
  readonly state: BfdState;
  readonly poll: boolean;
  readonly final: boolean;
  readonly detectMultiplier: number;
  readonly myDiscriminator: number;
  /** 0 while the neighbour's is not known. */
  readonly yourDiscriminator: number;
  readonly desiredMinTx: Duration;
  readonly requiredMinRx: Duration;
}

/** A packet as it was received. */
export interface BfdPacket extends BfdFields {
  readonly demand: boolean;
  readonly authenticated: boolean;
}

/** Reads a packet; octets after its Length are left out of account. */
export function decodeBfd(bytes: Uint8Array): Result<BfdPacket, DecodeError> {
  if (bytes.length < bfdLength) return truncated("BFD packet", bfdLength, bytes.length);
  const version = (bytes[field.versionAndDiagnostic] ?? 0) >> 5;
  const flags = bytes[field.stateAndFlags] ?? 0;
  const length = bytes[field.length] ?? 0;
  const authenticated = (flags & flag.authenticated) !== 0;
  const least = authenticated ? authenticatedLength : bfdLength;
  if (version !== 1) return malformed(`BFD version is ${version}, not 1`);
  if (length < least) return malformed(`BFD length is ${length}, less than ${least}`);
  if (length > bytes.length) return truncated("BFD packet", length, bytes.length);
  const detectMultiplier = bytes[field.detectMultiplier] ?? 0;
  if (detectMultiplier === 0) return malformed("BFD detection multiplier is 0");
  if ((flags & flag.multipoint) !== 0) return malformed("BFD multipoint bit is set");
  const myDiscriminator = readU32(bytes, field.myDiscriminator);
  if (myDiscriminator === 0) return malformed("BFD My Discriminator is 0");
  const yourDiscriminator = readU32(bytes, field.yourDiscriminator);
  const state = bfdStates[flags >> 6] ?? "AdminDown";
  if (yourDiscriminator === 0 && state !== "Down" && state !== "AdminDown") {
    return malformed(`BFD Your Discriminator is 0 in state ${state}`);
  }
  return ok({
    diagnostic: (bytes[field.versionAndDiagnostic] ?? 0) & 0x1f,
    state,
    poll: (flags & flag.poll) !== 0,
    final: (flags & flag.final) !== 0,
    detectMultiplier,
    myDiscriminator,
    yourDiscriminator,
    desiredMinTx: microseconds(readU32(bytes, field.desiredMinTx)),
    requiredMinRx: microseconds(readU32(bytes, field.requiredMinRx)),
    demand: (flags & flag.demand) !== 0,
    authenticated,
  });
}

/**
 * A packet of 24 octets. Demand mode and the echo function are never asked for: the bit is clear
 * and Required Min Echo RX Interval is 0 (RFC 5880 §6.8.7).
 *
 * @example
 * const packet = encodeBfd({ ...fields, state: "Up", poll: true, final: false });
 */
export function encodeBfd(fields: BfdFields): Uint8Array {
  assert(!(fields.poll && fields.final), "a packet has one of Poll and Final");
  const { diagnostic, detectMultiplier } = fields;
  assert(detectMultiplier >= 1 && detectMultiplier <= 255, "the multiplier fits its field");
  const bytes = new Uint8Array(bfdLength);
  bytes[field.versionAndDiagnostic] = (1 << 5) | diagnostic;
  bytes[field.stateAndFlags] = (bfdStates.indexOf(fields.state) << 6) |
    (fields.poll ? flag.poll : 0) | (fields.final ? flag.final : 0);
  bytes[field.detectMultiplier] = detectMultiplier;
  bytes[field.length] = bfdLength;
  writeU32(bytes, field.myDiscriminator, fields.myDiscriminator);
  writeU32(bytes, field.yourDiscriminator, fields.yourDiscriminator);
  writeU32(bytes, field.desiredMinTx, fields.desiredMinTx);
  writeU32(bytes, field.requiredMinRx, fields.requiredMinRx);
  return bytes;
}

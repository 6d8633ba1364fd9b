/** Sends every datagram back where it came from: `echo.ts ADDRESS PORT`. */
import { createSocket } from "node:dgram";
import process from "node:process";

const [, , address = "", port = ""] = process.argv;
const socket = createSocket("udp4");
socket.on("message", (datagram, from) => socket.send(datagram, from.port, from.address));
socket.bind(Number(port), address);

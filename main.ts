/**
 * The program: hands the command line to lib/cli and ends with its exit code.
 */
import process from "node:process";
import { main } from "./lib/cli/mod.ts";

process.exit(await main({ calledAs: process.argv0, args: process.argv.slice(2) }));

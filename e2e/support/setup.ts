/** Before all tests: make the demo municipality once. After them: remove it. */

import { makeTemplate } from "./server.ts";

export default async function setup(): Promise<() => void> {
  return makeTemplate();
}

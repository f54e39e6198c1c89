// One thread is woken instead of all. May change behaviour: those that wait may wait for different things.

import { isNode, nameOf, pathTo } from "../syntax.ts";
import { replaced, type Edit } from "./source-edit.ts";

/** `offset`: anywhere in the call. */
export const notifyOne: Edit = ({ tree, scopes }, offset) => {
  const call = pathTo(tree, offset).findLast(({ type }) => type === "CallExpression");
  const callee = call?.["callee"];
  if (call === undefined || !isNode(callee)) return undefined;
  const { object, property } = callee;
  if (!isNode(property) || !isNode(object)) return undefined;
  const risk =
    "It wakes one thread only. That is right where each of those that wait can use what has changed; else some sleep on.";
  if (nameOf(property) === "notifyAll") {
    return {
      title: "Wake one thread instead of all",
      changes: [replaced(property, "notifyOne")],
      risk,
    };
  }
  const given = call["arguments"] as readonly unknown[];
  const isAtomics = nameOf(object) === "Atomics" && scopes.bindingOf(object) === undefined;
  if (!isAtomics || nameOf(property) !== "notify" || given.length !== 2) return undefined;
  const last = given[1];
  if (!isNode(last)) return undefined;
  return {
    title: "Wake one thread instead of all",
    changes: [{ start: last.end, end: last.end, text: ", 1" }],
    risk,
  };
};

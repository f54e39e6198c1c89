// Whether what a constant holds stays as it is: by all of its uses in the file.

import { nameOf } from "../syntax.ts";
import { isReadingMethod } from "./pure-builtins.ts";
import type { Binding, Scopes } from "./scopes.ts";

/** No use writes to what it holds, nor (unless that may be) hands it on to somebody who may. */
export function isNeverChanged({ uses }: Binding, scopes: Scopes, mayBeHandedOn: boolean): boolean {
  return uses.every((use) => {
    let top = use;
    let parent = scopes.parentOf(top);
    while (
      parent !== undefined &&
      parent.type.endsWith("MemberExpression") &&
      parent["object"] === top
    ) {
      top = parent;
      parent = scopes.parentOf(top);
    }
    if (parent === undefined || parent.type === "UpdateExpression") return false;
    if (parent.type === "AssignmentExpression" && parent["left"] === top) return false;
    if (parent.type === "CallExpression" && parent["callee"] === top) {
      return isReadingMethod(nameOf(top["property"]));
    }
    const isRead = /^(?:ForOfStatement|SpreadElement|BinaryExpression|TemplateLiteral)$/;
    return mayBeHandedOn || top !== use || isRead.test(parent.type);
  });
}

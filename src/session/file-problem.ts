// What the file system says, in words for a person: used by whatever writes or moves a file on a person's behalf.

const words: Readonly<Record<string, string>> = {
  EACCES: "it may not be written there: permission is denied",
  EPERM: "it may not be written there: permission is denied",
  EROFS: "the disk there can only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "a file may not become that large here",
  EISDIR: "a folder has that name",
  ENOTDIR: "a part of its path is no folder",
  ENOENT: "a part of its path is not there",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its path leads through too many symbolic links",
  EMFILE: "this process has too many files open",
  ENFILE: "this machine has too many files open",
  EEXIST: "something else has a name of its path already",
};

export function fileProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error) ?? "";
  const known = words[code];
  return known === undefined ? error.message : `${known} (${code})`;
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

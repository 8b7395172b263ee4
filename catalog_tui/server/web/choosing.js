/** Which copies go: chosen one by one or by a rule. One copy of every group stays, always. */

/** The rules: of a group's files, which stays. The first of what is equal stays. */
export const RULES = {
  oldest: (one, other) => one.mtime_ns - other.mtime_ns,
  newest: (one, other) => other.mtime_ns - one.mtime_ns,
  "shortest-path": (one, other) => one.path.length - other.path.length,
  "longest-path": (one, other) => other.path.length - one.path.length,
};

/** Decisions about groups. */
export class Choices {
  constructor() {
    this.going = new Map();
  }

  goes(group, file) {
    return this.going.get(group.id)?.files.has(file) ?? false;
  }

  /** Let a file go, or stay after all; false where it is the last copy. */
  turn(group, file) {
    const files = new Set(this.going.get(group.id)?.files);
    if (!files.delete(file)) files.add(file);
    if (files.size >= group.files.length) return false;
    this.put(group, files);
    return true;
  }

  /** Let all but one file of each group go, by a rule, or with no rule none. */
  choose(groups, rule) {
    for (const group of groups) {
      const [, ...files] = rule ? [...group.files].sort(RULES[rule]) : [null];
      this.put(group, new Set(files));
    }
  }

  put(group, files) {
    if (files.size) this.going.set(group.id, { group, files });
    else this.going.delete(group.id);
  }

  clear() {
    this.going.clear();
  }

  /** How many files go, and their bytes. */
  get sums() {
    const chosen = [...this.going.values()];
    return {
      files: chosen.reduce((sum, { files }) => sum + files.size, 0),
      bytes: chosen.reduce((sum, { group, files }) => sum + group.size * files.size, 0),
    };
  }

  /** What goes, as the server takes it: by the places `at` that the files have in the scan's group. */
  asked() {
    return [...this.going.values()].map(({ group, files }) => ({
      group: group.id,
      going: [...files].map((file) => file.at),
    }));
  }
}

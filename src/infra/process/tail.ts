/** The end of an output whose length nobody knows. */
export type Tail = { add(line: string): void; text(): string }

/** Keeps at least the last `characters` of the lines it is given, and at most twice as many. */
export function createTail(characters: number): Tail {
  let lines: string[] = []
  let older: string[] = []
  let length = 0
  let cut = false
  return {
    add: (line) => {
      lines.push(line)
      length += line.length + 1
      if (length < characters) return
      cut ||= older.length > 0
      older = lines
      lines = []
      length = 0
    },
    text: () => {
      const all = [...older, ...lines].join('\n')
      return cut || all.length > characters ? `…\n${all.slice(-characters)}` : all
    },
  }
}

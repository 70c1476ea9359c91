/** Reads what `docker top CONTAINER -eo pid,rss,args` prints. */
export function parseTop(output: string): { residentKiB: number; command: string }[] {
  const [, ...lines] = output.trim().split('\n')
  return lines.map((line) => {
    const [, residentKiB, command] = /^\s*\d+\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (residentKiB === undefined || command === undefined) throw new Error(`Not a process: ${line}`)
    return { residentKiB: Number(residentKiB), command }
  })
}

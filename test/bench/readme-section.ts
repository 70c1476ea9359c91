const START = '<!-- bench:start -->'
const END = '<!-- bench:end -->'

/** Puts a text between the two marks of a README; throws where they are not there. */
export function replaceSection(readme: string, text: string): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END, start)
  if (start < 0 || end < 0) throw new Error(`README.md has no "${START}" followed by "${END}".`)
  return `${readme.slice(0, start + START.length)}\n\n${text}\n\n${readme.slice(end)}`
}

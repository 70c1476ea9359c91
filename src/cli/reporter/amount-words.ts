/** A time as people say it: "149 ms", "3.2 s", "60 s", "2 min 5 s", "1 h 3 min". */
export function timeWords(ms: number): string {
  if (ms < 1000) return `${Math.floor(ms)} ms`
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toString()} s`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Whole seconds, for a time that is still running. */
export function elapsedWords(ms: number): string {
  return timeWords(Math.floor(ms / 1000) * 1000)
}

/** A size in the unit that reads best: "412 MB", "1.5 GB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** "1 container", "3 containers". */
export function countWords(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly (string | number)[]): string {
  const words = items.map(String)
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`
}

/** The first letter in upper case, to begin a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A recorded reason inside a sentence: a failure's code reads as words, a sentence loses its full stop. */
export function reasonWords(reason: string): string {
  return /^[a-z]+(-[a-z]+)+$/.test(reason) ? reason.replaceAll('-', ' ') : reason.trim().replace(/\.$/, '')
}
